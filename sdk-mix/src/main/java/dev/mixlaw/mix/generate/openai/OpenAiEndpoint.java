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
 * A language model behind an OpenAI-compatible HTTP endpoint. The prompt is sent as the user's
 * message. One call is one HTTP request; {@link dev.mixlaw.mix.generate.Generation} retries failed
 * requests.
 *
 * <p>An endpoint is immutable: each method returns a changed copy. It is safe for use by several
 * threads. It opens connections at the first request; {@link #close} closes them.
 *
 * <p>It uses {@code java.net.http} instead of a client library. Of the libraries compared in 2026,
 * com.openai:openai-java 4.101 adds 25 jars of 81 MB. langchain4j-open-ai 1.19 hides {@code
 * Retry-After} and lets a slow answer exceed its time-out (15 s where 2 s were set).
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
   * Returns an endpoint.
   *
   * @param base address up to {@code /v1}, such as {@code http://localhost:8080/v1}
   * @param model name of the model at the endpoint; also the name of the generator, as recorded in
   *     generated corpora
   * @throws IllegalArgumentException if the address is not HTTP, has no valid host, or contains a
   *     password, query or fragment, or if the name is blank
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
          "endpoint: "
              + base.getScheme()
              + " address of host "
              + (base.getHost() == null
                  ? hostLike(base) + ", which is not a valid name"
                  : base.getHost())
              + (base.getRawUserInfo() == null ? "" : " with a password in it")
              + (base.getRawQuery() == null ? "" : " with a query (after the question mark)")
              + (base.getRawFragment() == null ? "" : " with a fragment (after the hash sign)")
              + "; expected http or https, a host of letters, digits, hyphens and dots, and a path;"
              + " set a key with key(...)");
    }
    if (model.isBlank()) {
      throw new IllegalArgumentException("model: blank; expected a name that the endpoint knows");
    }
    return new OpenAiEndpoint(base, model);
  }

  /** Returns the part of the address where the host should be, without a password. */
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

  /** Returns a changed copy; the copy has its own connections. */
  private OpenAiEndpoint with(Consumer<OpenAiEndpoint> change) {
    OpenAiEndpoint copy = new OpenAiEndpoint(this);
    change.accept(copy);
    return copy;
  }

  /**
   * Sets the key, which is sent as a bearer token and never shown.
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
   * Adds a field to the request, such as {@code top_p}.
   *
   * @param value a finite number, text, boolean, or a list or map of these
   * @throws IllegalArgumentException if the value is something else
   */
  public OpenAiEndpoint parameter(String field, Object value) {
    Map<String, JsonNode> more = new TreeMap<>(extra);
    more.put(field, OpenAiJson.parameter(field, value));
    return with(e -> e.extra = more);
  }

  /**
   * Sets the name of the field for the maximum number of tokens.
   *
   * @param field name of the field; default: {@code max_tokens}; some hosted models need {@code
   *     max_completion_tokens}
   */
  public OpenAiEndpoint tokenLimitField(String field) {
    return with(e -> e.tokenLimitField = field);
  }

  /** Uses {@code /completions}, which continues the prompt as text, for base models. */
  public OpenAiEndpoint continuing() {
    return with(e -> e.chat = false);
  }

  /**
   * Sets the time limit for a request, up to the last byte of the answer. When the limit is
   * reached, the connection is closed.
   *
   * @param most time limit; default: 2 minutes
   */
  public OpenAiEndpoint timeout(Duration most) {
    return with(e -> e.timeout = Objects.requireNonNull(most, "most"));
  }

  /** Replaces the clock for dates in {@code Retry-After}, for tests. */
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
  public String generate(String prompt, Settings settings) {
    return write(prompt, settings).text();
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
   * Returns the address for requests. It is concatenated from strings, because {@link URI#resolve}
   * can turn a path into another host.
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

  /** Closes the connections; the next request opens new ones. */
  @Override
  public void close() {
    connection.close();
  }

  @Override
  public String toString() {
    return model + " at " + base;
  }
}
