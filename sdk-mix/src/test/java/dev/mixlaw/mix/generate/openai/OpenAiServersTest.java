package dev.mixlaw.mix.generate.openai;

import static dev.mixlaw.mix.generate.openai.LoopbackServer.answer;
import static dev.mixlaw.mix.generate.openai.RawServer.http;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.mixlaw.api.spi.GeneratorException;
import dev.mixlaw.api.spi.GeneratorException.Failure;
import dev.mixlaw.api.spi.TextGenerator.Settings;
import dev.mixlaw.api.spi.TextGenerator.Written;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests replies of real servers, and replies that violate the protocol. */
class OpenAiServersTest {
  private static final Settings SETTINGS = new Settings(64, 0.5, 1);
  private static final String SECRET = "sk-very/secret+0123456789";

  private static byte[] join(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    Arrays.stream(parts).forEach(all::writeBytes);
    return all.toByteArray();
  }

  private static OpenAiEndpoint at(RawServer server) {
    return OpenAiEndpoint.at(server.base(), "m").key(SECRET).timeout(Duration.ofSeconds(20));
  }

  private static Written written(byte[] reply) throws IOException {
    try (RawServer server = new RawServer((head, body, out) -> send(out, reply));
        OpenAiEndpoint endpoint = at(server)) {
      return endpoint.write("hello", SETTINGS);
    }
  }

  private static boolean send(OutputStream out, byte[] reply) throws IOException {
    out.write(reply);
    return true;
  }

  /** Returns the failure that a reply causes, after a check that it does not contain the key. */
  private static GeneratorException failure(byte[] reply) {
    GeneratorException failure =
        catchThrowableOfType(GeneratorException.class, () -> written(reply));
    StringWriter trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace));
    assertThat(trace.toString()).doesNotContain("very").doesNotContain("secret");
    return failure;
  }

  private static GeneratorException failure(int status, String headers, String body) {
    return failure(http(status, headers, body));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "see /settings/billing to upgrade. Please try again in 7.5s. | rate_limit_exceeded | 7500",
        "add a payment method under account/billing. try again in 1m30s. | rate_limit | 90000",
        "exceeded your current quota, see billing. Please retry in 32s | RESOURCE_EXHAUSTED | 32000",
        "Requests exceeded the limit. Please retry after 20 seconds. | 429 | 20000",
        "rate limited; see /settings/billing for paid plans | credit_limit | 0"
      })
  void aRateLimitPassesAlthoughItsMessageLinksToBilling(String message, String code, long millis) {
    GeneratorException failure =
        failure(429, "", "{\"error\":{\"message\":\"" + message + "\",\"code\":\"" + code + "\"}}");

    assertThat(failure.failure()).isEqualTo(Failure.UNAVAILABLE);
    assertThat(failure.retryAfter().orElse(Duration.ZERO)).isEqualTo(Duration.ofMillis(millis));
  }

  @Test
  void creditThatIsUsedUpDoesNotPass() {
    String quota = "{\"error\":{\"message\":\"exceeded your current quota\",\"code\":\"x\"}}";

    assertThat(failure(429, "", quota).failure()).isEqualTo(Failure.GENERATOR);
    assertThat(failure(429, "Retry-After: 3\n", quota).failure()).isEqualTo(Failure.UNAVAILABLE);
    assertThat(failure(429, "Retry-After: 3\n", quota.replace("x", "insufficient_quota")).failure())
        .isEqualTo(Failure.GENERATOR);
    assertThat(failure(402, "", "{}").failure()).isEqualTo(Failure.GENERATOR);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "422 | {'error':'Input validation error: `inputs` tokens + `max_new_tokens` must be <= 96'}",
        "400 | [{'error':{'code':400,'message':'The input token count (120) exceeds the maximum'}}]",
        "400 | {'error':{'message':'Invalid prompt','code':'invalid_prompt'}}",
        "400 | {'error':{'code':'data_inspection_failed','message':'Input may be bad'}}",
        "400 | {'error':{'message':'Provider error','metadata':{'raw':'maximum context is 8'}}}",
        "400 | {'message':'Prompt length (5000) exceeds maximum input length (4096).'}",
        "403 | {'error':{'code':403,'message':'Input was flagged by moderation'}}"
      })
  void refusalsOfOnePromptLeaveOutThatDraftOnly(int status, String body) {
    assertThat(failure(status, "", body.replace('\'', '"')).failure()).isEqualTo(Failure.PROMPT);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "503 | {'error':{'message':'request queue is too long, try later'}} | UNAVAILABLE",
        "504 | <html>The upstream server took too long to respond.</html>   | UNAVAILABLE",
        "500 | maximum context length                                       | UNAVAILABLE",
        "403 | <html>flagged by the firewall</html>                         | GENERATOR",
        "400 | {'error':{'message':'max_tokens is too large: 50000.'}}      | REFUSED",
        "418 | teapot                                                       | REFUSED"
      })
  void theStatusCountsBeforeWords(int status, String body, Failure expected) {
    assertThat(failure(status, "", body.replace('\'', '"')).failure()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'message':'Incorrect API key: KEY','code':'invalid_api_key'} | GENERATOR",
        "{'message':'slow down','type':'rate_limit_error'}             | UNAVAILABLE",
        "{'message':'Provider died','code':502}                        | UNAVAILABLE",
        "{'message':'maximum context length is 8'}                     | PROMPT",
        "{'message':'something'}                                       | UNAVAILABLE"
      })
  void anErrorWithStatus200IsStillAnError(String error, Failure expected) {
    String body = "{\"error\":" + error.replace('\'', '"').replace("KEY", SECRET) + "}";

    assertThat(failure(200, "", body).failure()).isEqualTo(expected);
  }

  @Test
  void theKeyIsHiddenWhereverAServerPutsIt() {
    String escaped = SECRET.replace("/", "\\/").replace("+", "\\u002B");
    List<byte[]> replies =
        new ArrayList<>(
            List.of(
                http(200, "", "{\"error\":{\"message\":\"" + escaped + "\"}}"),
                http(200, "", "{\"choices\":[],\"note\":\"" + escaped + "\"}"),
                http(200, "", SECRET),
                http(200, "Content-Type: " + SECRET + "\n", "no JSON"),
                http(308, "Location: http://other/?key=" + SECRET + "\n", ""),
                http(
                    200,
                    "",
                    "{\"choices\":[{\"text\":\"x\",\"finish_reason\":\"error\",\"error\":\""
                        + SECRET
                        + "\"}]}"),
                http(500, "", SECRET),
                (SECRET + "\r\n\r\n").getBytes(StandardCharsets.UTF_8),
                ("HTTP/1.1 " + SECRET + "\r\n\r\n").getBytes(StandardCharsets.UTF_8),
                ("HTTP/1.1 200 OK\r\nContent-Length: " + SECRET + "\r\n\r\n")
                    .getBytes(StandardCharsets.UTF_8)));
    // an excerpt of the reply may end within the key
    for (int before = 270; before < 300; before++) {
      replies.add(http(500, "", "x".repeat(before) + SECRET));
    }

    assertThat(replies).allSatisfy(reply -> assertThat(failure(reply)).isNotNull());
  }

  @Test
  void aKeyThatIsAnOrdinaryWordStaysInTexts() throws IOException {
    try (RawServer server =
            new RawServer((head, body, out) -> send(out, http(200, "", answer("It is EMPTY."))));
        OpenAiEndpoint endpoint = at(server).key("EMPTY")) {
      assertThat(endpoint.write("x", SETTINGS).text()).isEqualTo("It is EMPTY.");
    }
  }

  @Test
  void streamsAndCompressedRepliesAreRead() throws IOException {
    String stream =
        ": ping\n\ndata: {\"choices\":[{\"delta\":{\"content\":\"Hel\"},\"finish_reason\":null}]}\n\n"
            + "data: {\"choices\":[{\"delta\":{\"content\":\"lo\"},\"finish_reason\":\"stop\"}]}\n\n"
            + "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2}}\n\n"
            + "data: [DONE]\n\n";
    Written written = written(http(200, "Content-Type: text/event-stream\n", stream));
    assertThat(written.text()).isEqualTo("Hello");
    assertThat(written.cutOff()).isFalse();
    assertThat(written.promptTokens()).hasValue(3);
    String half = stream.substring(0, stream.indexOf("lo\"") - 25);
    assertThat(failure(200, "", half).failure()).isEqualTo(Failure.UNAVAILABLE);

    ByteArrayOutputStream gzip = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(gzip)) {
      out.write(answer("zipped").getBytes(StandardCharsets.UTF_8));
    }
    String head = "HTTP/1.1 200 S\r\nContent-Length: " + gzip.size() + "\r\n\r\n";
    assertThat(written(join(head.getBytes(StandardCharsets.UTF_8), gzip.toByteArray())).text())
        .isEqualTo("zipped");
    assertThat(failure(200, "Content-Encoding: br\n", "??"))
        .hasMessageContaining("compressed (br)");
  }

  @Test
  void otherRepliesAreReadOrNamed() throws IOException {
    assertThat(written(http(201, "", answer("made"))).text()).isEqualTo("made");
    assertThat(written(http(200, "", "\ufeff" + answer("marked"))).text()).isEqualTo("marked");
    String raw = answer("raw tab").replace("raw tab", "raw\ttab").replace("11", "NaN");
    assertThat(written(http(200, "", raw)).text()).isEqualTo("raw\ttab");
    assertThat(failure(200, "Content-Type: text/html\n", "<html>\u001b[31mHello</html>"))
        .hasMessageContaining("not JSON but text/html: <html> [31mHello</html>");
    assertThat(failure(200, "", "")).hasMessageContaining("the answer has no choices");
    assertThat(failure(200, "", "{\"choices\":1e99999999999}").failure())
        .isEqualTo(Failure.UNAVAILABLE);
    GeneratorException moved = failure(308, "Location: https://example.org/v1\n", "");
    assertThat(moved.failure()).isEqualTo(Failure.GENERATOR);
    assertThat(moved).hasMessageContaining("redirects to https://example.org/v1, which is not");
  }

  @ParameterizedTest
  @CsvSource({
    "stop, whole",
    "STOP, whole",
    "eos_token, whole",
    "length, cut",
    "model_length, cut",
    "MAX_TOKENS, cut",
    "tool_calls, cut",
    "error, UNAVAILABLE",
    "abort, UNAVAILABLE",
    "SAFETY, PROMPT"
  })
  void onlyKnownFinishReasonsMakeAnAnswerWhole(String reason, String expected) throws IOException {
    String body = answer("The harbour was quiet, and the").replace("stop", reason);

    if (expected.equals("whole") || expected.equals("cut")) {
      assertThat(written(http(200, "", body)).cutOff()).isEqualTo(expected.equals("cut"));
    } else {
      assertThat(failure(200, "", body).failure()).hasToString(expected);
    }
  }

  @Test
  void withoutAFinishReasonTheNumberOfTokensDecides() throws IOException {
    String body = answer("text").replace("\"stop\"", "null");

    assertThat(written(http(200, "", body)).cutOff()).isFalse();
    assertThat(written(http(200, "", body.replace(":5}", ":64}"))).cutOff()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"endless", "zipped", "slow", "silent"})
  void aReplyWithoutEndIsAbortedAndItsConnectionFreed(String how) throws Exception {
    CountDownLatch gone = new CountDownLatch(1);
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bomb)) {
      gzip.write(new byte[1 << 24]);
    }
    RawServer.Reply reply =
        (head, body, out) -> {
          if (how.equals("zipped")) {
            out.write(
                join(
                    ("HTTP/1.1 200 S\r\nContent-Length: " + bomb.size() + "\r\n\r\n").getBytes(),
                    bomb.toByteArray()));
            gone.countDown();
            return false;
          }
          try {
            if (!how.equals("silent")) {
              out.write("HTTP/1.1 200 S\r\nContent-Length: 99999999999\r\n\r\n".getBytes());
            }
            byte[] some = new byte[how.equals("endless") ? 1 << 16 : 1];
            while (true) {
              if (!how.equals("silent")) {
                out.write(some);
              }
              TimeUnit.MILLISECONDS.sleep(how.equals("endless") ? 0 : 5);
              if (how.equals("silent")) {
                out.write('H');
              }
            }
          } catch (IOException e) {
            gone.countDown();
            throw e;
          }
        };
    try (RawServer server = new RawServer(reply);
        OpenAiEndpoint endpoint = at(server)) {
      boolean bounded = how.equals("endless") || how.equals("zipped");
      OpenAiEndpoint patient =
          endpoint.timeout(bounded ? Duration.ofSeconds(60) : Duration.ofMillis(200));

      GeneratorException failure =
          catchThrowableOfType(
              GeneratorException.class, () -> patient.write("x", new Settings(1024, 1, 1)));

      assertThat(failure.failure()).isEqualTo(Failure.UNAVAILABLE);
      assertThat(failure)
          .hasMessageContaining(bounded ? "longer than 2097152 bytes" : "no complete answer");
      assertThat(gone.await(20, TimeUnit.SECONDS)).as("the connection is closed").isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "//v1, //v1/chat/completions",
    "/v1//, /v1/chat/completions",
    "/my%20model/v1, /my%20model/v1/chat/completions",
    "/a%2Fb/v1, /a%2Fb/v1/chat/completions",
    "//127.0.0.1:1/v1, //127.0.0.1:1/v1/chat/completions",
    "'', /chat/completions"
  })
  void everyBaseAddressLeadsToItsHost(String path, String expected) throws IOException {
    List<String> heads = new ArrayList<>();
    try (RawServer server =
        new RawServer(
            (head, body, out) -> {
              heads.add(head);
              return send(out, http(200, "", answer("here")));
            })) {
      URI base = URI.create("http://127.0.0.1:" + server.base().getPort() + path);
      try (OpenAiEndpoint endpoint = OpenAiEndpoint.at(base, "m").key(SECRET)) {
        assertThat(endpoint.generate("x", SETTINGS)).isEqualTo("here");
      }
    }
    assertThat(heads).singleElement().asString().startsWith("POST " + expected + " ");
  }

  @ParameterizedTest
  @CsvSource({
    "http://vllm_server:8080/v1, 'host vllm_server:8080, which is not a valid name'",
    "http://host/v1?api-version=1, with a query",
    "http://host/v1#x, with a fragment",
    "http://user:pass@host_x/v1, 'host host_x, which is not a valid name'"
  })
  void addressesThatCannotBeUsedAreExplained(String base, String expected) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> OpenAiEndpoint.at(URI.create(base), "m"))
        .withMessageContaining(expected)
        .withMessageNotContaining("pass@");
  }

  @Test
  void parametersAreTheSameInEveryJvm() {
    Map<String, Object> one = new LinkedHashMap<>();
    Map<String, Object> other = new LinkedHashMap<>();
    for (int i = 0; i < 20; i++) {
      one.put("k" + i, List.of(i, "x"));
      other.put("k" + (19 - i), List.of(19 - i, "x"));
    }
    OpenAiEndpoint endpoint = OpenAiEndpoint.at(URI.create("http://host/v1"), "m");

    assertThat(endpoint.parameter("p", one).parameters())
        .isEqualTo(endpoint.parameter("p", other).parameters());
    assertThat(endpoint.parameter("p", Map.of("a", 0.5)).parameter("q", "text").parameters())
        .containsEntry("p", "{\"a\":0.5}")
        .containsEntry("q", "text");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> endpoint.parameter("p", new int[] {1}))
        .withMessageContaining("parameter p: ");
    assertThatIllegalArgumentException().isThrownBy(() -> endpoint.parameter("p", Double.NaN));
  }
}
