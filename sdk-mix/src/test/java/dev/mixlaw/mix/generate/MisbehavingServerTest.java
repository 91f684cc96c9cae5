package dev.mixlaw.mix.generate;

import static dev.mixlaw.mix.generate.openai.RawServer.http;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.mix.corpus.Corpora;
import dev.mixlaw.mix.generate.builtin.Filters;
import dev.mixlaw.mix.generate.builtin.Styles;
import dev.mixlaw.mix.generate.openai.OpenAiEndpoint;
import dev.mixlaw.mix.generate.openai.RawServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests generation with a server that sends random faulty replies: every document is complete or
 * counted as left out, no answer is lost or requested twice, and no thread or connection stays
 * open.
 */
class MisbehavingServerTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String SECRET = "sk-verysecret-0123456789";
  private static final Duration TIMEOUT = Duration.ofMillis(1500);

  /** Error replies, after which a request is repeated. */
  private static final List<String> ERRORS =
      List.of(
          "429 Retry-After: 7 {'error':{'message':'see /billing','code':'rate_limit_exceeded'}}",
          "429 X: y {'error':{'message':'Please try again in 20ms. Add a payment method'}}",
          "429 Retry-After: Thu, 01 Jan 2026 00:00:00 GMT {}",
          "408 X: y slow",
          "409 X: y {'error':'locked'}",
          "425 X: y {}",
          "500 X: y boom KEY",
          "500 X: y {'error':{'message':'maximum context length'}}",
          "502 Content-Type: text/html <html>Bad Gateway</html>",
          "503 X: y {'error':{'message':'request queue is too long'}}",
          "503 Retry-After: soon {}",
          "504 X: y <html>took too long</html>",
          "529 X: y {'error':{'type':'overloaded_error'}}",
          "200 X: y {'error':{'message':'Provider died','code':502}}",
          "200 X: y {'error':{'message':'slow down KEY','type':'rate_limit_error'}}",
          "200 X: y {'error':{'message':'KEY'}}",
          "200 Content-Type: text/html <html>Maintenance</html>",
          "200 X: y {}",
          "200 X: y {'choices':[]}",
          "200 X: y {'choices':null}",
          "200 X: y []",
          "200 X: y null",
          "200 X: y 1e99999999999",
          "200 X: y {'choices':1e99999999999}",
          "200 X: y {'choices':[{'message':{'content':''},'finish_reason':'stop'}]}",
          "200 X: y {'choices':[{'message':{'content':null},'finish_reason':'stop'}]}",
          "200 X: y {'choices':[{'message':{'content':' \\n'},'finish_reason':'stop'}]}",
          "200 X: y {'choices':[{'message':{'content':'half'},'finish_reason':'error'}]}",
          "200 X: y {'choices':[{'message':{'content':'half'},'finish_reason':'abort'}]}",
          "200 X: y {'choices':[{'message':{'content':'ha",
          "200 Content-Encoding: br ????",
          "200 X: y data: {'choices':[{'delta':{'content':'half'}}]}\n\n",
          "200 X: y data: {'error':{'message':'died','code':500}}\n\n");

  /** Replies after which a document is left out. */
  private static final List<String> REFUSALS =
      List.of(
          "400 X: y {'error':{'message':'x','code':'context_length_exceeded'}}",
          "400 X: y {'error':{'message':'unheard of'}}",
          "403 X: y {'error':{'message':'Input was flagged by moderation'}}",
          "413 X: y {}",
          "422 X: y {'error':'`inputs` tokens + `max_new_tokens` must be <= 96'}",
          "200 X: y {'choices':[{'message':{'content':''},'finish_reason':'content_filter'}]}",
          "200 X: y {'choices':[{'message':{'content':'a half'},'finish_reason':'length'}]}",
          "200 X: y {'choices':[{'message':{'content':'a half'},'finish_reason':'model_length'}]}");

  /** Correct replies; %s stands for the answer as a JSON string. */
  private static final List<String> ANSWERS =
      List.of(
          "200 X: y {'choices':[{'message':{'content':%s},'finish_reason':'stop'}],'usage':"
              + "{'prompt_tokens':20,'completion_tokens':9}}",
          "201 X: y {'choices':[{'message':{'content':%s},'finish_reason':'eos_token'}],'usage':"
              + "{'prompt_tokens':-1000000,'completion_tokens':9223372036854775807}}",
          "200 X: y {'choices':[{'message':{'content':[{'text':%s}]},'finish_reason':'STOP'}],"
              + "'usage':{'prompt_tokens':1e99,'completion_tokens':NaN}}",
          "200 X: y \ufeff {'choices':[{'text':%s,'finish_reason':null}],'usage':null}",
          "200 X: y : ping\n\ndata: {'choices':[{'delta':{'content':%s}}]}\n\n"
              + "data: {'choices':[{'delta':{},'finish_reason':'stop'}]}\n\ndata: [DONE]\n\n",
          "gzip X: y {'choices':[{'message':{'content':%s},'finish_reason':'stop'}]}");

  private static final int BROKEN = 13;

  @TempDir Path directory;

  private final CountDownLatch over = new CountDownLatch(1);
  private final AtomicLong number = new AtomicLong();
  private final AtomicInteger requests = new AtomicInteger();

  /** The number of correct replies that were sent, by prompt. */
  private final Map<String, Integer> answered = new ConcurrentHashMap<>();

  /** The kinds of faulty replies that were sent. */
  private final Set<String> sent = ConcurrentHashMap.newKeySet();

  private final Set<String> refused = ConcurrentHashMap.newKeySet();

  private static byte[] reply(String form, String text) throws IOException {
    String[] parts = form.split(" ", 3);
    int space = form.indexOf(' ', form.indexOf(": ") + 2);
    if (parts[1].equals("Retry-After:") && form.contains("GMT")) {
      space = form.indexOf(" {");
    }
    String header = form.substring(form.indexOf(' ') + 1, space) + "\n";
    String body =
        form.substring(space + 1)
            .replace("KEY", SECRET)
            .replace('\'', '"')
            .replace("%s", JSON.writeValueAsString(text));
    if (!parts[0].equals("gzip")) {
      return http(Integer.parseInt(parts[0]), header, body);
    }
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(zipped)) {
      gzip.write(body.getBytes(StandardCharsets.UTF_8));
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    String head = "HTTP/1.1 200 S\r\nContent-Length: " + zipped.size() + "\r\n\r\n";
    all.writeBytes(head.getBytes(StandardCharsets.UTF_8));
    all.writeBytes(zipped.toByteArray());
    return all.toByteArray();
  }

  private boolean serve(String body, OutputStream out) throws Exception {
    requests.incrementAndGet();
    SplittableRandom random = new SplittableRandom(number.incrementAndGet());
    String prompt = JSON.readTree(body).at("/messages/0/content").asText();
    int document = Integer.parseInt(prompt.replaceAll("\\D+", ""));
    if (document % 20 == 19) {
      refused.add(prompt);
      out.write(reply(sent(REFUSALS.get(document / 20 % REFUSALS.size())), prompt));
      return true;
    }
    int kind = random.nextInt(10);
    if (kind < 5) {
      answered.merge(prompt, 1, Integer::sum);
      out.write(
          reply(ANSWERS.get(random.nextInt(ANSWERS.size())), prompt.toUpperCase(Locale.ROOT)));
      return true;
    } else if (kind < 8 || random.nextInt(4) > 0) {
      out.write(reply(sent(ERRORS.get(random.nextInt(ERRORS.size()))), prompt));
      return random.nextInt(4) > 0; // some servers close connections unannounced
    }
    int broken = random.nextInt(BROKEN);
    sent("broken " + broken);
    return broken(broken, out);
  }

  private String sent(String kind) {
    sent.add(kind);
    return kind;
  }

  /**
   * Sends a reply that is not HTTP or has no end. Returns false, because the connection cannot be
   * used again.
   */
  private boolean broken(int kind, OutputStream out) throws Exception {
    String head = "HTTP/1.1 200 OK\r\n";
    String[] replies = {
      "",
      "\r\n\r\n",
      SECRET + "\r\n\r\n",
      "HTTP/1.1 " + SECRET + "\r\n\r\n",
      head + "Content-Length: " + SECRET + "\r\n\r\n",
      head + "Content-Length: -5\r\n\r\n",
      head + "Content-Length: 100\r\n\r\nhalf",
      head + "Transfer-Encoding: chunked\r\n\r\nzz\r\nhalf",
      head + "Transfer-Encoding: chunked\r\n\r\n5\r\nhalf",
      head
    };
    if (kind < replies.length) {
      out.write(replies[kind].getBytes(StandardCharsets.UTF_8));
      return false;
    }
    if (kind == 10) {
      out.write((head + "Content-Length: 99999999999\r\n\r\n").getBytes(StandardCharsets.UTF_8));
      byte[] block = new byte[1 << 16];
      while (true) {
        out.write(block); // until the client hangs up
      }
    }
    if (kind == 11) {
      out.write((head + "Content-Length: 1000\r\n\r\n").getBytes(StandardCharsets.UTF_8));
    }
    while (true) {
      out.write(' '); // slowly, and without end
      out.flush();
      if (over.await(100, TimeUnit.MILLISECONDS)) {
        return false;
      }
    }
  }

  private Generation generation(OpenAiEndpoint endpoint, int documents) {
    List<Document> all =
        IntStream.range(0, documents)
            .mapToObj(i -> new Document("d" + i, "The text of document number " + i + "."))
            .toList();
    return Generation.of(Corpus.documents("web", () -> DocumentStream.of(all)))
        .style(Styles.paraphrase())
        .filters(Filters.whole())
        .by(endpoint)
        .concurrency(16)
        .maxTokens(64)
        .retry(60, Duration.ofMinutes(10))
        .sleeper((pause, stop) -> stop.getCount() == 0)
        .seed(7);
  }

  private void soak(int documents) throws Exception {
    List<String> told = new ArrayList<>();
    try (RawServer server = new RawServer((head, body, out) -> serve(body, out))) {
      try (OpenAiEndpoint endpoint =
          OpenAiEndpoint.at(server.base(), "m").key(SECRET).timeout(TIMEOUT)) {
        // document 0 is answered first, because an unknown refusal before the first answer would
        // stop the run
        generation(endpoint, 1).run(directory, GenerationListener.none());
        try {
          DataCardNumbers made = run(endpoint, documents, told);
          assertThat(made.documents() + made.refusedDocuments()).isEqualTo(documents);
          assertThat(made.refusedDocuments()).isEqualTo(documents / 20);
        } catch (MixlawException e) {
          throw new AssertionError(e);
        }
        int before = requests.get();
        generation(endpoint, documents).run(directory, GenerationListener.none());
        assertThat(requests.get() - before)
            .as("only refusals are asked again")
            .isLessThan(documents);
      }
      checkTexts(documents);
      awaitNothingLeft(server);
    } finally {
      over.countDown();
    }
    assertThat(String.join("\n", told)).contains("[key]").doesNotContain("verysecret");
    for (String file : List.of("documents.jsonl", "card.json", "answers.jsonl")) {
      assertThat(Files.readString(directory.resolve(file))).doesNotContain("verysecret");
    }
  }

  private record DataCardNumbers(long documents, long refusedDocuments) {}

  private DataCardNumbers run(OpenAiEndpoint endpoint, int documents, List<String> told) {
    Generated made =
        generation(endpoint, documents)
            .run(
                directory,
                new GenerationListener() {
                  @Override
                  public void retrying(String reason, int attempt, Duration pause) {
                    told.add(reason);
                  }
                });
    return new DataCardNumbers(made.card().documents(), made.card().refusedDocuments());
  }

  /**
   * Checks that every answer that the server sent is in the corpus exactly once, and that the log
   * has no other answers.
   */
  private void checkTexts(int documents) throws IOException {
    List<String> texts = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    try (DocumentStream stream = Corpora.open(Corpus.jsonl(directory.resolve("documents.jsonl")))) {
      stream.forEachRemaining(d -> texts.add(d.text()));
    }
    for (int i = 0; i < documents; i++) {
      String text = "The text of document number " + i + ".";
      if (i % 20 == 19) {
        assertThat(refused).contains(text);
      } else {
        expected.add(text.toUpperCase(Locale.ROOT));
        assertThat(answered).as("paid once").containsEntry(text, 1);
      }
    }
    assertThat(texts).containsExactlyElementsOf(expected);
    long stored = 0;
    for (String line : Files.readAllLines(directory.resolve("answers.jsonl"))) {
      JsonNode entry = JSON.readTree(line);
      stored += entry.get("text").asText().startsWith("THE TEXT") ? 1 : 0;
    }
    assertThat(stored).isEqualTo(documents - documents / 20);
  }

  private static void awaitNothingLeft(RawServer server) throws InterruptedException {
    boolean idle = false;
    for (int i = 0; i < 300 && !(idle && clientThreads().isEmpty()); i++) {
      System.gc(); // before Java 21, only this closes a client
      idle = server.awaitIdle(100);
      for (Thread thread : clientThreads()) {
        thread.join(100);
      }
    }
    assertThat(idle).as("no connection is open").isTrue();
    assertThat(clientThreads()).isEmpty();
  }

  private static List<Thread> clientThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(t -> t.getName().matches("(mixlaw-http|mixlaw-generate|HttpClient-).*"))
        .toList();
  }

  @Test
  void nothingIsLostPaidTwiceOrLeftOpen() throws Exception {
    soak(100);
  }

  @Test
  @Tag("long")
  void nothingIsLostPaidTwiceOrLeftOpenInManyRequests() throws Exception {
    soak(Integer.getInteger("mixlaw.soak.documents", 10_500));
    assertThat(requests.get()).isGreaterThan(20_000);
    assertThat(sent).hasSize(ERRORS.size() + REFUSALS.size() + BROKEN);
  }
}
