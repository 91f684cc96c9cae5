package dev.mixlaw.mix.generate.openai;

import dev.mixlaw.api.spi.TextGenerator;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * A model served by an OpenAI-compatible endpoint. The prompt is the user's message; one call is
 * one HTTP request, and asking again is left to {@link dev.mixlaw.mix.generate.Generation}.
 *
 * <p>A value: each method returns another endpoint. Safe for use by several threads. It opens
 * connections at the first request; {@link #close} lets go of them.
 *
 * <p>Built on {@code java.net.http} rather than on a client library because, of those compared in
 * 2026, com.openai:openai-java 4.101 brings 25 jars of 81 MB, and langchain4j-open-ai 1.19 hides
 * {@code Retry-After} from its callers and lets an answer that trickles in outlast its time-out (15
 * s where 2 s were set). What is needed here is one request and one reply.
 */
public final class OpenAiEndpoint implements TextGenerator, AutoCloseable, Cloneable {
  private final URI base;
  private final String model;
  private Optional<ApiKey> key = Optional.empty();
  private Optional<String> system = Optional.empty();
  private Map<String, Object> extra = Map.of();
  private String tokenLimitField = "max_tokens";
  private boolean chat = true;
  private Duration timeout = Duration.ofMinutes(2);
  private Clock clock = Clock.systemUTC();
  private HttpConnection connection = new HttpConnection();

  private OpenAiEndpoint(URI base, String model) {
    this.base = base;
    this.model = model;
  }

  /**
   * An endpoint.
   *
   * @param base up to {@code /v1}, such as {@code http://localhost:8080/v1}
   * @param model as the endpoint calls it; also the generator's name in corpora
   * @throws IllegalArgumentException if it is no HTTP address, or holds a password
   */
  public static OpenAiEndpoint at(URI base, String model) {
    boolean http =
        "http".equalsIgnoreCase(base.getScheme()) || "https".equalsIgnoreCase(base.getScheme());
    if (!http || base.getHost() == null || base.getUserInfo() != null || base.getQuery() != null) {
      throw new IllegalArgumentException(
          "endpoint: "
              + base.getScheme()
              + " address of host "
              + base.getHost()
              + (base.getUserInfo() == null ? "" : " with a password in it")
              + "; expected http or https, a host and a path; a key goes to key(…)");
    }
    if (model.isBlank()) {
      throw new IllegalArgumentException("model: blank; expected a name that the endpoint knows");
    }
    return new OpenAiEndpoint(base, model);
  }

  private OpenAiEndpoint with(Consumer<OpenAiEndpoint> change) {
    try {
      OpenAiEndpoint other = (OpenAiEndpoint) clone();
      other.connection = new HttpConnection();
      change.accept(other);
      return other;
    } catch (CloneNotSupportedException e) {
      throw new AssertionError("it is cloneable", e);
    }
  }

  /**
   * The key, sent as a bearer token and shown nowhere; none by default.
   *
   * @throws IllegalArgumentException if it has characters that no key has
   */
  public OpenAiEndpoint key(String secret) {
    return with(e -> e.key = Optional.of(new ApiKey(secret)));
  }

  /** The system message; none by default. */
  public OpenAiEndpoint system(String message) {
    return with(e -> e.system = Optional.of(message));
  }

  /** Another field of the request, such as {@code top_p}: a number, text, truth value or list. */
  public OpenAiEndpoint parameter(String field, Object value) {
    Map<String, Object> more = new TreeMap<>(extra);
    more.put(field, value);
    return with(e -> e.extra = more);
  }

  /**
   * The field that holds the most tokens to write: {@code max_tokens} by default; some hosted
   * models want {@code max_completion_tokens}.
   */
  public OpenAiEndpoint tokenLimitField(String field) {
    return with(e -> e.tokenLimitField = field);
  }

  /** Goes on from the prompt as from a text ({@code /completions}): for base models. */
  public OpenAiEndpoint continuing() {
    return with(e -> e.chat = false);
  }

  /** How long a whole answer may take, from the request to its last byte; 2 minutes by default. */
  public OpenAiEndpoint timeout(Duration most) {
    return with(e -> e.timeout = Objects.requireNonNull(most, "most"));
  }

  /** For tests: against what dates in {@code Retry-After} are held. */
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
    extra.forEach((field, value) -> all.put(field, value.toString()));
    return all;
  }

  @Override
  public String generate(String prompt, Settings settings) {
    return write(prompt, settings).text();
  }

  @Override
  public Written write(String prompt, Settings settings) {
    byte[] body = OpenAiJson.request(model, chat, system, prompt, settings, tokenLimitField, extra);
    String path = base.getPath() == null ? "" : base.getPath().replaceAll("/+$", "");
    URI address = base.resolve(path + (chat ? "/chat/completions" : "/completions"));
    HttpConnection.Reply reply = connection.post(address, key, body, timeout);
    if (reply.status() != 200) {
      throw OpenAiErrors.of(reply, model, key, clock.instant());
    }
    return OpenAiJson.written(reply.body());
  }

  /** Lets go of the connections; the next request opens new ones. */
  @Override
  public void close() {
    connection.close();
  }

  @Override
  public String toString() {
    return model + " at " + base;
  }
}
