package dev.mixlaw.mix.generate.openai;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixlaw.api.spi.GeneratorException;
import dev.mixlaw.api.spi.TextGenerator;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A text generator that sends prompts as user messages to a language model behind an
 * OpenAI-compatible HTTP endpoint. One call is one HTTP request. {@link
 * dev.mixlaw.mix.generate.Generation} retries failed requests.
 *
 * <p>An endpoint is immutable, and each setter returns a changed copy. This class is thread-safe.
 * Connections are opened at the first request, and {@link #close} closes them.
 *
 * <p>This class uses {@code java.net.http} and no client library. The library
 * com.openai:openai-java 4.101 would add 25 jars of 81 MB. The library langchain4j-open-ai 1.19
 * hides {@code Retry-After}, and its time-out does not limit slow answers (15 s instead of 2 s).
 */
public final class OpenAiEndpoint implements TextGenerator, AutoCloseable {
  private static final long LONGEST_REPLY = 1 << 28;

  private final URI base;
  private final String model;
  private Optional<ApiKey> key = Optional.empty();
  private Optional<String> system = Optional.empty();
  private Map<String, JsonNode> extra = Map.of();
  private String tokenLimitField = "max_tokens";
  private boolean chat = true;
  private Duration timeout = Duration.ofMinutes(2);
  private Clock clock = Clock.systemUTC();
  private final HttpConnection connection = new HttpConnection();

  private OpenAiEndpoint(URI base, String model) {
    this.base = base;
    this.model = model;
  }

  /**
   * Returns an endpoint with default settings.
   *
   * @param base address up to and including {@code /v1}, such as {@code http://localhost:8080/v1}
   * @param model name of the model at the endpoint, which is also the name of the generator in
   *     generated corpora
   * @throws IllegalArgumentException if the address is not HTTP, has no valid host, or contains a
   *     password, a query or a fragment, or if the name is blank
   */
  public static OpenAiEndpoint at(URI base, String model) {
    boolean http =
        "http".equalsIgnoreCase(base.getScheme()) || "https".equalsIgnoreCase(base.getScheme());
    if (!http
        || base.getHost() == null
        || base.getRawUserInfo() != null
        || base.getRawQuery() != null
        || base.getRawFragment() != null) {
      throw new IllegalArgumentException(
          "endpoint: %s address of host %s%s%s%s; expected http or https, a host of letters, digits, hyphens and dots, and a path; set a key with key(...)"
              .formatted(
                  base.getScheme(),
                  base.getHost() == null
                      ? hostLike(base) + ", which is not a valid name"
                      : base.getHost(),
                  base.getRawUserInfo() == null ? "" : " with a password in it",
                  base.getRawQuery() == null ? "" : " with a query (after the question mark)",
                  base.getRawFragment() == null ? "" : " with a fragment (after the hash sign)"));
    }
    if (model.isBlank()) {
      throw new IllegalArgumentException("model: blank; expected a name that the endpoint knows");
    }
    return new OpenAiEndpoint(base, model);
  }

  /** Returns the part of the address where the host is expected, without a password. */
  private static String hostLike(URI base) {
    String authority = base.getRawAuthority();
    return authority == null ? "(none)" : authority.substring(authority.lastIndexOf('@') + 1);
  }

  private OpenAiEndpoint(OpenAiEndpoint other) {
    base = other.base;
    model = other.model;
    key = other.key;
    system = other.system;
    extra = other.extra;
    tokenLimitField = other.tokenLimitField;
    chat = other.chat;
    timeout = other.timeout;
    clock = other.clock;
  }

  /** Returns a changed copy with its own connections. */
  private OpenAiEndpoint with(Consumer<OpenAiEndpoint> change) {
    OpenAiEndpoint copy = new OpenAiEndpoint(this);
    change.accept(copy);
    return copy;
  }

  /**
   * Sets the API key, which is sent as a bearer token.
   *
   * @param secret key of visible ASCII characters; default: no key
   * @throws IllegalArgumentException if the key is empty or has other characters
   */
  public OpenAiEndpoint key(String secret) {
    return with(e -> e.key = Optional.of(new ApiKey(secret)));
  }

  /**
   * Sets the system message.
   *
   * @param message system message; default: none
   */
  public OpenAiEndpoint system(String message) {
    return with(e -> e.system = Optional.of(message));
  }

  /**
   * Adds a field to each request, such as {@code top_p}.
   *
   * @param value a finite number, a string, a boolean, or a list or map of these
   * @throws IllegalArgumentException if the value has another type
   */
  public OpenAiEndpoint parameter(String field, Object value) {
    Map<String, JsonNode> more = new TreeMap<>(extra);
    more.put(field, OpenAiJson.parameter(field, value));
    return with(e -> e.extra = more);
  }

  /**
   * Sets the name of the request field for the maximum number of tokens.
   *
   * @param field name of the field; default: {@code max_tokens}; some hosted models require {@code
   *     max_completion_tokens}
   */
  public OpenAiEndpoint tokenLimitField(String field) {
    return with(e -> e.tokenLimitField = field);
  }

  /** Selects the path {@code /completions}, where base models continue the prompt as plain text. */
  public OpenAiEndpoint continuing() {
    return with(e -> e.chat = false);
  }

  /**
   * Sets the time limit for a request, until the last byte of the answer has arrived. The
   * connection is closed when the limit is reached.
   *
   * @param most time limit; default: 2 minutes
   */
  public OpenAiEndpoint timeout(Duration most) {
    return with(e -> e.timeout = Objects.requireNonNull(most, "most"));
  }

  OpenAiEndpoint clock(Clock now) {
    return with(e -> e.clock = now);
  }

  @Override
  public String name() {
    return model;
  }

  @Override
  public Map<String, String> parameters() {
    Map<String, String> all = new TreeMap<>();
    all.put("endpoint", base.toString());
    all.put("api", chat ? "chat" : "completions");
    system.ifPresent(message -> all.put("system", message));
    extra.forEach(
        (field, value) -> all.put(field, value.isTextual() ? value.textValue() : value.toString()));
    return all;
  }

  @Override
  public Written write(String prompt, Settings settings) {
    OpenAiErrors errors = new OpenAiErrors(model, key, clock.instant());
    byte[] body = OpenAiJson.request(model, chat, system, prompt, settings, tokenLimitField, extra);
    URI address = address();
    int mostBytes = (int) Math.min(LONGEST_REPLY, (1 << 20) + 1024L * settings.maxTokens());
    HttpConnection.Reply reply;
    try {
      reply = connection.post(address, key, body, mostBytes, timeout);
    } catch (IOException e) {
      throw errors.failure(
          GeneratorException.Failure.UNAVAILABLE, address + ": " + e.getMessage(), e.getCause());
    }
    if (reply.status() / 100 != 2) {
      throw errors.of(reply);
    }
    return OpenAiJson.written(reply, settings, errors);
  }

  /**
   * Returns the address for requests. {@link URI#resolve} is not used, because it can change the
   * host.
   */
  private URI address() {
    String path = base.getRawPath() == null ? "" : base.getRawPath().replaceAll("/+$", "");
    URI address =
        URI.create(
            base.getScheme()
                + "://"
                + base.getRawAuthority()
                + path
                + (chat ? "/chat/completions" : "/completions"));
    if (!base.getHost().equals(address.getHost()) || base.getPort() != address.getPort()) {
      throw new IllegalStateException(base + " leads to another host, " + address.getHost());
    }
    return address;
  }

  /** Closes the connections. The next request opens new connections. */
  @Override
  public void close() {
    connection.close();
  }

  @Override
  public String toString() {
    return model + " at " + base;
  }
}
