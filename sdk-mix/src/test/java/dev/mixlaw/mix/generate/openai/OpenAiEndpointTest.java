package dev.mixlaw.mix.generate.openai;

import static dev.mixlaw.mix.generate.openai.LoopbackServer.answer;
import static dev.mixlaw.mix.generate.openai.LoopbackServer.brokenOff;
import static dev.mixlaw.mix.generate.openai.LoopbackServer.error;
import static dev.mixlaw.mix.generate.openai.LoopbackServer.ok;
import static dev.mixlaw.mix.generate.openai.LoopbackServer.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixlaw.api.spi.GeneratorException;
import dev.mixlaw.api.spi.GeneratorException.Failure;
import dev.mixlaw.api.spi.TextGenerator.Settings;
import dev.mixlaw.api.spi.TextGenerator.Written;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenAiEndpointTest {
  private static final Settings SETTINGS = new Settings(64, 0.5, 0x1234_5678_9abc_def0L);
  private static final String SECRET = "sk-verysecret-0123456789";

  private LoopbackServer server;

  @BeforeEach
  void start() throws IOException {
    server = new LoopbackServer();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private OpenAiEndpoint endpoint() {
    return OpenAiEndpoint.at(server.base(), "m");
  }

  private GeneratorException failure(OpenAiEndpoint endpoint) {
    return catchThrowableOfType(GeneratorException.class, () -> endpoint.write("hello", SETTINGS));
  }

  private GeneratorException failure(LoopbackServer.Fault fault) {
    server.faults(fault);
    GeneratorException failure = failure(endpoint());
    assertThat(server.requests()).as("a failed call is one request").hasSize(1);
    return failure;
  }

  @Test
  void asksAndReads() {
    Written written =
        endpoint()
            .key(SECRET)
            .system("be brief")
            .parameter("top_p", 0.9)
            .parameter("stop", List.of("END"))
            .write("hello “wörld”", SETTINGS);

    assertThat(written.text()).isEqualTo("HELLO “WÖRLD”");
    assertThat(written.cutOff()).isFalse();
    assertThat(written.promptTokens()).hasValue(11);
    assertThat(written.writtenTokens()).hasValue(5);
    JsonNode request = server.requests().get(0);
    assertThat(request.toString())
        .isEqualTo(
            "{\"model\":\"m\",\"messages\":[{\"role\":\"system\",\"content\":\"be brief\"},"
                + "{\"role\":\"user\",\"content\":\"hello “wörld”\"}],\"max_tokens\":64,"
                + "\"temperature\":0.5,\"seed\":448585456,\"stream\":false,\"stop\":[\"END\"],\"top_p\":0.9}");
    assertThat(server.authorizations()).containsExactly("Bearer " + SECRET);
  }

  @Test
  void continuesATextWithBaseModels() {
    server.faults(ok("{\"choices\":[{\"text\":\" and on\",\"finish_reason\":\"length\"}]}"));

    Written written = endpoint().continuing().tokenLimitField("n").write("On", SETTINGS);

    assertThat(written.text()).isEqualTo(" and on");
    assertThat(written.cutOff()).isTrue();
    assertThat(written.promptTokens()).isEmpty();
    assertThat(server.requests().get(0).path("prompt").asText()).isEqualTo("On");
    assertThat(server.requests().get(0).path("n").asInt()).isEqualTo(64);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "400 | context_length_exceeded  | This model's maximum context length is 8 | PROMPT",
        "400 | exceed_context_size_error | the request exceeds the available context size | PROMPT",
        "413 |                          | entity too large                         | PROMPT",
        "400 | content_filter           | flagged                                  | PROMPT",
        "400 | invalid_value            | temperature must be below 2              | REFUSED",
        "401 | invalid_api_key          | Incorrect key                            | GENERATOR",
        "403 |                          | forbidden                                | GENERATOR",
        "404 | model_not_found          | The model m does not exist               | GENERATOR",
        "429 | insufficient_quota       | You exceeded your current quota          | GENERATOR",
        "302 |                          | elsewhere                                | GENERATOR",
        "408 |                          | slow                                     | UNAVAILABLE",
        "429 | rate_limit_exceeded      | tokens per min: 3 too many tokens        | UNAVAILABLE",
        "500 |                          | boom                                     | UNAVAILABLE",
        "503 |                          | Loading model                            | UNAVAILABLE"
      })
  void distinguishesFailures(int status, String code, String message, Failure expected) {
    GeneratorException failure = failure(error(status, code == null ? "" : code, message));

    assertThat(failure.failure()).isEqualTo(expected);
    assertThat(failure).hasMessageContaining("status " + status).hasMessageContaining(message);
  }

  @Test
  void anUnknownModelIsNamed() {
    assertThat(failure(error(404, "", "not found"))).hasMessageContaining("no such model (m)");
  }

  @Test
  void errorsOfOtherShapesAreQuotedToo() {
    assertThat(failure(status(500, "{\"error\":\"model runner stopped\"}")))
        .hasMessageContaining(": model runner stopped");
    server.faults(status(502, "<html>\n <b>Bad Gateway</b></html>"));
    assertThat(failure(endpoint())).hasMessageContaining("<html> <b>Bad Gateway</b></html>");
  }

  @Test
  void readsRetryAfterInSecondsAndAsADate() {
    assertThat(failure(status(429, "", "Retry-After", "17")).retryAfter())
        .contains(Duration.ofSeconds(17));
    Clock clock = Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);
    server.faults(
        status(503, "", "Retry-After", "Thu, 01 Jan 2026 00:01:30 GMT"),
        status(503, "", "Retry-After", "Wed, 31 Dec 2025 00:01:30 GMT"),
        status(503, "", "Retry-After", "soon"));
    assertThat(failure(endpoint().clock(clock)).retryAfter()).contains(Duration.ofSeconds(90));
    assertThat(failure(endpoint().clock(clock)).retryAfter()).contains(Duration.ZERO);
    assertThat(failure(endpoint().clock(clock)).retryAfter()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"silent", "hangs", "trickles"})
  void anAnswerThatDoesNotEndTimesOut(String how) {
    server.faults(
        switch (how) {
          case "silent" -> server.silent();
          case "hangs" -> server.hangs();
          default -> server.trickles();
        });

    GeneratorException failure = failure(endpoint().timeout(Duration.ofMillis(200)));

    assertThat(failure.failure()).isEqualTo(Failure.UNAVAILABLE);
    assertThat(failure).hasMessageContaining("no complete answer within PT0.2S");
  }

  @Test
  void truncatedJsonAndBrokenConnectionsMayPass() {
    GeneratorException truncated = failure(ok(answer("whole").substring(0, 40)));
    assertThat(truncated.failure()).isEqualTo(Failure.UNAVAILABLE);
    assertThat(truncated).hasMessageContaining("truncated or damaged JSON");
    server.faults(brokenOff());
    GeneratorException broken = failure(endpoint());
    assertThat(broken.failure()).isEqualTo(Failure.UNAVAILABLE);
    assertThat(broken).hasMessageContaining("the answer was lost");
    server.faults(ok("{}"));
    assertThat(failure(endpoint())).hasMessageContaining("the answer has no choices: {}");
  }

  @Test
  void distinguishesUnusableAnswers() {
    GeneratorException filtered =
        failure(ok("{\"choices\":[{\"message\":{},\"finish_reason\":\"content_filter\"}]}"));
    assertThat(filtered.failure()).isEqualTo(Failure.PROMPT);
    server.faults(
        ok("{\"choices\":[{\"message\":{\"content\":null},\"finish_reason\":\"length\"}]}"));
    assertThat(failure(endpoint()))
        .hasMessageContaining("cut off before it began, finish reason \"length\"");
  }

  @Test
  void anEndpointThatIsDownIsNamed() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    OpenAiEndpoint down = OpenAiEndpoint.at(URI.create("http://127.0.0.1:" + port + "/v1"), "m");

    GeneratorException failure = failure(down);

    assertThat(failure.failure()).isEqualTo(Failure.UNAVAILABLE);
    assertThat(failure).hasMessageContaining("127.0.0.1:" + port).hasMessageContaining("reached");
  }

  @Test
  void theKeyIsNeverShown() {
    server.faults(
        error(401, "invalid_api_key", "Incorrect API key provided: " + SECRET + " ".repeat(400)));
    OpenAiEndpoint endpoint = endpoint().key(SECRET + "\n");

    GeneratorException failure = failure(endpoint);

    assertThat(failure).hasMessageContaining("[key]");
    assertThat(failure + " " + endpoint + endpoint.parameters() + endpoint.name())
        .doesNotContain("verysecret");
    assertThat(new ApiKey(SECRET).toString()).isEqualTo("[key]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> endpoint().key("very secret"))
        .withMessageNotContaining("secret");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> OpenAiEndpoint.at(URI.create("http://u:verysecret@host/v1"), "m"))
        .withMessageContaining("password")
        .withMessageNotContaining("verysecret");
  }

  @Test
  void canBeUsedAfterClosing() {
    OpenAiEndpoint endpoint = endpoint();
    assertThat(endpoint.generate("one", SETTINGS)).isEqualTo("ONE");
    endpoint.close();
    assertThat(endpoint.generate("two", SETTINGS)).isEqualTo("TWO");
  }
}
