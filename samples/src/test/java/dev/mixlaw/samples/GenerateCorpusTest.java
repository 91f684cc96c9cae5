package dev.mixlaw.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.Tokenizer;
import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.api.spi.TrainingSession;
import dev.mixlaw.mix.token.Tokenizers;
import dev.mixlaw.train.engine.Engines;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GenerateCorpusTest {
  @TempDir Path directory;

  private String source() throws IOException {
    return TinyCorpora.write(directory.resolve("tiny"))
        .resolve("natural/train/books.jsonl")
        .toString();
  }

  private int run(String... options) throws IOException {
    String[] all = new String[options.length + 4];
    System.arraycopy(options, 0, all, 4, options.length);
    all[0] = "--source";
    all[1] = source();
    all[2] = "--out";
    all[3] = directory.resolve("out").toString();
    return Samples.run(new GenerateCorpus(), all);
  }

  @Test
  void paraphrasesOffline() throws IOException {
    assertThat(run("--documents", "20")).isZero();

    assertThat(Files.readAllLines(directory.resolve("out/documents.jsonl")))
        .hasSize(20)
        .allMatch(line -> line.contains("\"generator\":\"wordnet-paraphraser\""));
    assertThat(directory.resolve("out/card.md")).content().contains("20 documents");
  }

  @Test
  void continuesOpeningsOffline() throws IOException {
    assertThat(run("--style", "CONTINUATION", "--documents", "5", "--max-tokens", "30")).isZero();

    assertThat(Files.readAllLines(directory.resolve("out/documents.jsonl")))
        .hasSize(5)
        .allMatch(line -> line.contains("\"generator\":\"ngram-3\""));
  }

  /**
   * Writes text with a model from a folder. The texts do not depend on how many are written at a
   * time.
   */
  @Test
  void continuesOpeningsWithATrainedModel() throws IOException {
    TrainingEngine engine = Engines.auto();
    assumeTrue(engine.name().equals("native"));
    Path model = Files.createDirectory(directory.resolve("small-model"));
    List<String> lines = Files.readAllLines(Path.of(source()));
    Tokenizer tokenizer = Tokenizers.train(300, lines::forEach);
    tokenizer.save(model.resolve("tokenizer.json"));
    ModelSpec shape = ModelSpec.of("small", 16, 1, 2, 24).withContext(64);
    try (TrainingSession session =
        engine.open(new SessionSpec(shape, tokenizer.vocabulary(), 1, Recipe.standard(), 1, 1))) {
      session.save(model);
    }
    String[] options = {
      "--style", "CONTINUATION", "--weights", model.toString(), "--documents", "9"
    };
    assertThat(run(options)).isZero();
    String written = Files.readString(directory.resolve("out/documents.jsonl"));
    assertThat(written.lines())
        .hasSize(9)
        .allMatch(line -> line.contains("\"generator\":\"small-model\""));
    Files.move(directory.resolve("out"), directory.resolve("before"));
    String[] inTurn = Arrays.copyOf(options, options.length + 2);
    inTurn[options.length] = "--concurrency";
    inTurn[options.length + 1] = "1";
    assertThat(run(inTurn)).isZero();

    assertThat(directory.resolve("out/documents.jsonl")).hasContent(written);
    assertThat(run("--style", "PARAPHRASE", "--weights", model.toString())).isEqualTo(2);
  }

  @Test
  void usesAnEndpoint() throws IOException {
    AtomicInteger requests = new AtomicInteger();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/v1/chat/completions",
        exchange -> {
          requests.incrementAndGet();
          exchange.getRequestBody().readAllBytes();
          byte[] reply =
              ("{\"choices\": [{\"finish_reason\": \"stop\", \"message\": {\"content\": \"Sure!"
                      + " Here is the rewritten text: "
                      + "A river of stone is in the light of the winter. ".repeat(12)
                      + "\"}}]}")
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, reply.length);
          exchange.getResponseBody().write(reply);
          exchange.close();
        });
    server.start();
    try {
      String url = "http://127.0.0.1:" + server.getAddress().getPort() + "/v1";
      String[] options = {
        "--endpoint", url, "--model", "m", "--style", "HQ", "--documents", "3", "--prices", "1", "2"
      };
      assertThat(run(options)).isZero();
      int asked = requests.get();
      assertThat(asked).isGreaterThanOrEqualTo(3);
      assertThat(run(options)).isZero();
      assertThat(requests).hasValue(asked);
    } finally {
      server.stop(0);
    }
    assertThat(directory.resolve("out/documents.jsonl"))
        .content()
        .contains("\"text\":\"A river of stone")
        .contains("\"currency\":\"USD\"");
  }

  @Test
  void reportsMissingOptionsOfAStyle() throws IOException {
    assertThat(run("--style", "QA")).isEqualTo(2);
    assertThat(directory.resolve("out")).doesNotExist();
  }
}
