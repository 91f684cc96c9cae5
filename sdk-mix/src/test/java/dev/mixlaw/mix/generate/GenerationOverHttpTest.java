package dev.mixlaw.mix.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.mix.corpus.Corpora;
import dev.mixlaw.mix.generate.builtin.Styles;
import dev.mixlaw.mix.generate.openai.Faults;
import dev.mixlaw.mix.generate.openai.LoopbackServer;
import dev.mixlaw.mix.generate.openai.OpenAiEndpoint;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests generation over HTTP with a server that has faults: no answer is lost, and no answered
 * prompt is sent again.
 */
class GenerationOverHttpTest {
  private static final int DOCUMENTS = 40;
  private static final String SECRET = "sk-verysecret-0123456789";

  @TempDir Path directory;

  private LoopbackServer server;
  private final List<Duration> pauses = new ArrayList<>();

  @BeforeEach
  void start() throws IOException {
    server = new LoopbackServer();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  /**
   * The child process. Arguments: the base address of the endpoint and the directory of the corpus.
   */
  public static void main(String[] arguments) {
    generation(URI.create(arguments[0])).run(Path.of(arguments[1]), GenerationListener.none());
  }

  private static Generation generation(URI base) {
    List<Document> all =
        IntStream.range(0, DOCUMENTS)
            .mapToObj(i -> new Document("d" + i, "The text of document number " + i + "."))
            .toList();
    return Generation.of(Corpus.documents("web", () -> DocumentStream.of(all)))
        .style(Styles.paraphrase())
        .by(OpenAiEndpoint.at(base, "m").key(SECRET).timeout(Duration.ofSeconds(8)))
        .concurrency(4)
        .seed(7);
  }

  private Generation here() {
    return generation(server.base())
        .sleeper(
            (pause, stop) -> {
              synchronized (pauses) {
                pauses.add(pause);
              }
              return stop.getCount() == 0;
            });
  }

  private static List<String> texts(Path directory) {
    List<String> texts = new ArrayList<>();
    try (DocumentStream stream = Corpora.open(Corpus.jsonl(directory.resolve("documents.jsonl")))) {
      stream.forEachRemaining(d -> texts.add(d.text()));
    }
    return texts;
  }

  private static List<String> expected() {
    return IntStream.range(0, DOCUMENTS)
        .mapToObj(i -> "THE TEXT OF DOCUMENT NUMBER " + i + ".")
        .toList();
  }

  @Test
  @Tag("long")
  void retriesOnceForEachTransientFault() throws IOException {
    LoopbackServer.Fault[] faults = Faults.passing(server);
    server.faults(faults);
    // one request may get all faults, while slow faults delay the other threads
    here()
        .retry(faults.length + 1, Duration.ofMinutes(10))
        .run(directory, GenerationListener.none());

    assertThat(texts(directory)).containsExactlyElementsOf(expected());
    assertThat(server.requests()).hasSize(DOCUMENTS + faults.length);
    assertThat(new HashSet<>(server.prompts())).hasSize(DOCUMENTS);
    assertThat(pauses).hasSize(faults.length).contains(Duration.ofSeconds(17));
    assertThat(Files.readAllLines(directory.resolve("answers.jsonl"))).hasSize(DOCUMENTS);
  }

  @Test
  void aRefusedKeyStopsTheRunAndIsNotShown() throws IOException {
    server.faults(Faults.refusedKey(SECRET));

    assertThatThrownBy(() -> here().concurrency(1).run(directory, GenerationListener.none()))
        .isInstanceOf(MixlawException.class)
        .hasMessageContaining("the key is refused")
        .hasMessageNotContaining("verysecret");
    assertThat(server.requests()).hasSize(1);
    here().run(directory, GenerationListener.none());
    assertThat(server.requests()).hasSize(1 + DOCUMENTS);
    for (String file : List.of("documents.jsonl", "card.json", "card.md", "answers.jsonl")) {
      assertThat(directory.resolve(file)).content().doesNotContain("verysecret");
    }
  }

  @Test
  void tooLongARetryAfterStopsTheRun() {
    server.faults(Faults.tooManyRequests("3600"));

    assertThatThrownBy(() -> here().concurrency(1).run(directory, GenerationListener.none()))
        .hasMessageContaining("too many requests, status 429")
        .hasMessageContaining("retry after PT1H; expected at most PT10M");
    assertThat(server.requests()).hasSize(1);
    assertThat(pauses).isEmpty();
  }

  @Test
  void anUnknownModelStopsTheRun() {
    server.faults(Faults.unknownModel());

    assertThatThrownBy(() -> here().concurrency(1).run(directory, GenerationListener.none()))
        .hasMessageContaining("no such model (m)");
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void aPromptLongerThanTheContextIsLeftOutAndCounted() {
    server.faults(Faults.tooLong());

    Generated made = here().concurrency(1).run(directory, GenerationListener.none());

    assertThat(server.requests()).hasSize(DOCUMENTS);
    assertThat(made.card().documents()).isEqualTo(DOCUMENTS - 1);
    assertThat(made.card().refused().get("generator").examples().get(0))
        .startsWith("d0: the prompt is refused, status 400");
  }

  @Test
  void continuesAfterAnOutageOfTheEndpoint() throws IOException {
    here().unansweredLimit(0).run(directory.resolve("whole"), GenerationListener.none());
    URI gone = server.base();
    server.close();

    assertThatThrownBy(
            () -> {
              // there are no stored answers for another model name
              Generation other = here().by(OpenAiEndpoint.at(gone, "n")).concurrency(1);
              other.run(directory.resolve("whole"), GenerationListener.none());
            })
        .isInstanceOf(MixlawException.class)
        .hasMessageContaining(gone.getHost() + ":" + gone.getPort())
        .hasMessageContaining("cannot be reached")
        .hasMessageContaining("attempt 6 of 6")
        .hasMessageContaining("resumes from the stored answers");
    assertThat(pauses).hasSize(5);
    // stored answers are used without a request to the endpoint
    here().run(directory.resolve("whole"), GenerationListener.none());
    assertThat(texts(directory.resolve("whole"))).containsExactlyElementsOf(expected());
  }

  @Test
  void aKilledRunContinuesWithoutRepeatedRequests() throws Exception {
    Path killed = directory.resolve("killed");
    Set<String> remembered = new HashSet<>();
    for (int request : new int[] {5, 9, 16}) {
      int before = server.prompts().size();
      killAtRequest(request, killed);
      assertThat(server.prompts().subList(before, server.prompts().size()))
          .as("asked by the next start")
          .noneMatch(remembered::contains);
      assertThat(killed.resolve("documents.jsonl")).doesNotExist();
      remembered.addAll(answered(killed));
    }
    assertThat(remembered).hasSizeBetween(18, DOCUMENTS - 1);
    int before = server.prompts().size();

    here().run(killed, GenerationListener.none());

    assertThat(server.prompts()).hasSize(before + DOCUMENTS - remembered.size());
    assertThat(server.prompts().subList(before, server.prompts().size()))
        .noneMatch(remembered::contains);
    here().run(directory.resolve("undisturbed"), GenerationListener.none());
    for (String file : List.of("documents.jsonl", "card.json")) {
      assertThat(killed.resolve(file))
          .hasSameTextualContentAs(directory.resolve("undisturbed").resolve(file));
    }
  }

  /**
   * Returns the prompts whose answers are stored in the directory. The last line of the log may be
   * incomplete, because the child process may have been killed while it wrote the line.
   */
  private static List<String> answered(Path directory) throws IOException {
    String log = Files.readString(directory.resolve("answers.jsonl"));
    return IntStream.range(0, DOCUMENTS)
        .filter(i -> log.contains("NUMBER " + i + ".\""))
        .mapToObj(i -> "The text of document number " + i + ".")
        .toList();
  }

  /** Starts a child process, and kills it while the server handles its n-th request. */
  private void killAtRequest(int request, Path target) throws Exception {
    AtomicReference<Process> child = new AtomicReference<>();
    server
        .answers(request - 1)
        .faults(
            exchange -> {
              synchronized (child) {
                child.get().destroyForcibly();
              }
            });
    synchronized (child) {
      child.set(
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Xmx128m",
                  "-cp",
                  System.getProperty(
                      "surefire.test.class.path", System.getProperty("java.class.path")),
                  GenerationOverHttpTest.class.getName(),
                  server.base().toString(),
                  target.toString())
              .redirectErrorStream(true)
              .start());
    }
    String said = new String(child.get().getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(child.get().waitFor()).as(said).isEqualTo(137);
  }
}
