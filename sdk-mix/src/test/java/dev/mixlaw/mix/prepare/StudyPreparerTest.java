package dev.mixlaw.mix.prepare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.Domains;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Mixture;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.Study;
import dev.mixlaw.api.StudyEvent;
import dev.mixlaw.api.StudyListener;
import dev.mixlaw.api.TokenizerSpec;
import dev.mixlaw.api.internal.spi.DataPreparer;
import dev.mixlaw.api.internal.spi.PreparedData;
import dev.mixlaw.api.internal.spi.TokenSource;
import dev.mixlaw.mix.Shared;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StudyPreparerTest {
  private static final String[] WORDS = {
    "red", "green", "blue", "house", "tree", "river", "stone", "and", "or", "the"
  };

  @TempDir Path directory;

  private final List<StudyEvent> events = new ArrayList<>();

  private static List<Document> documents(String name, long seed, int number) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Document> all = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      StringBuilder text = new StringBuilder();
      for (int w = 0; w < 40; w++) {
        text.append(WORDS[random.nextInt(WORDS.length)]).append(w % 10 == 9 ? ".\n" : " ");
      }
      all.add(new Document(name + "/" + i, text.toString()));
    }
    return all;
  }

  private static Corpus corpus(String name, long seed, int number) {
    List<Document> all = documents(name, seed, number);
    return Corpus.documents(name, () -> DocumentStream.of(all));
  }

  private static Corpus of(String name, String... texts) {
    List<Document> all = Arrays.stream(texts).map(t -> new Document("id of " + t, t)).toList();
    return Corpus.documents(name, () -> DocumentStream.of(all));
  }

  private static Study study(Domains domains, Corpus... corpora) {
    return Study.named("s")
        .mixtures(Arrays.stream(corpora).map(Mixture::of).toList())
        .tokenizer(TokenizerSpec.trainedBpe(270))
        .evaluateOn(domains);
  }

  private PreparedData prepare(Study study) {
    events.clear();
    return new StudyPreparer().prepare(study, directory, events::add);
  }

  private List<String> stages() {
    return events.stream()
        .filter(StudyEvent.Preparing.class::isInstance)
        .map(e -> ((StudyEvent.Preparing) e).stage())
        .distinct()
        .toList();
  }

  private List<Problem> problemsOf(Study study) {
    return catchThrowableOfType(MixlawException.class, () -> prepare(study)).problems();
  }

  @Test
  void preparesAStudy() {
    Corpus a = corpus("a", 1, 50);
    Corpus b = corpus("b", 2, 70);
    Study study = study(Domains.of(corpus("d", 3, 25))).mixtures(Mixture.grid(a, b, 0, 0.5, 1));

    try (PreparedData data = prepare(study)) {
      assertThat(data.corpora()).extracting(c -> c.facts().name()).containsExactly("a", "b");
      assertThat(data.corpora()).extracting(c -> c.documents()).containsExactly(50, 70);
      assertThat(data.domains()).extracting(c -> c.facts().name()).containsExactly("d");
      assertThat(data.tokenizer().vocabulary()).isEqualTo(270);
      assertThat(data.tokenizer().decode(data.domains().get(0).tokens(7)))
          .isEqualTo(documents("d", 3, 25).get(7).text() + "<|endoftext|>");
      TokenSource source = data.source(study.mixtures().get(1).shares(), 16, 7);
      assertThat(source.counts(10)).containsEntry("a", 5L).containsEntry("b", 5L);
      assertThat(data.warnings()).isEmpty();
    }
  }

  @Test
  void isFoundByServiceLoader() {
    assertThat(ServiceLoader.load(DataPreparer.class))
        .hasAtLeastOneElementOfType(StudyPreparer.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text of corpus a",
        "text of domain d",
        "tokenizer",
        "tokens of corpus a",
        "tokens of domain d",
        "words of corpus a",
        "words of domain d"
      })
  void anInterruptEndsEveryStage(String stage) {
    Study study =
        study(Domains.of(corpus("d", 3, 25)), corpus("a", 1, 50))
            .models(ModelSpec.ladder("25k"))
            .budgets("10k");
    Thread caller = Thread.currentThread();
    List<String> after = new ArrayList<>();
    StudyListener interrupting =
        event -> {
          String now = ((StudyEvent.Preparing) event).stage();
          if (now.equals(stage)) {
            caller.interrupt();
          } else if (caller.isInterrupted()) {
            after.add(now);
          }
        };

    try {
      assertThatThrownBy(
              () -> {
                try (PreparedData data =
                    new StudyPreparer().prepare(study, directory, interrupting)) {
                  data.compareWords(interrupting);
                }
              })
          .isInstanceOf(CancellationException.class);
      assertThat(caller.isInterrupted()).isTrue();
    } finally {
      Thread.interrupted();
    }

    assertThat(after).as("stages that began later").isEmpty();
    try (PreparedData data = prepare(study)) {
      assertThat(data.corpora().get(0).documents()).isEqualTo(50);
    }
  }

  @Test
  void writesEveryFileOnce() throws IOException {
    Study study = study(Domains.of(corpus("d", 3, 25)), corpus("a", 1, 50));
    String first;
    try (PreparedData data = prepare(study)) {
      first = data.tokenizer().fingerprint();
      assertThat(stages())
          .containsExactly(
              "text of domain d",
              "text of corpus a",
              "tokenizer",
              "tokens of corpus a",
              "tokens of domain d");
    }
    try (PreparedData data = prepare(study)) {
      assertThat(data.tokenizer().fingerprint()).isEqualTo(first);
      assertThat(stages()).containsExactly("text of domain d", "text of corpus a");
    }
  }

  @Test
  void studiesShareCommonFiles() {
    Corpus a = corpus("a", 1, 50);
    Study first = study(Domains.of(corpus("d", 3, 25)), a);
    Study second = study(Domains.of(corpus("d", 4, 25)), a);
    prepare(first).close();

    prepare(second).close();
    assertThat(stages())
        .containsExactly("text of domain d", "text of corpus a", "tokens of domain d");

    prepare(first).close();
    assertThat(stages()).containsExactly("text of domain d", "text of corpus a");
  }

  private Path only(String subdirectory, String name) throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve(subdirectory))) {
      List<Path> found = files.filter(f -> f.getFileName().toString().matches(name)).toList();
      assertThat(found).hasSize(1);
      return found.get(0);
    }
  }

  @Test
  void preparesChangedTextAgain() {
    Corpus a = corpus("a", 1, 50);
    prepare(study(Domains.of(corpus("d", 3, 25)), a)).close();

    prepare(study(Domains.of(corpus("d", 4, 25)), a)).close();
    assertThat(stages()).contains("tokens of domain d").doesNotContain("tokenizer");

    prepare(study(Domains.of(corpus("d", 4, 25)), corpus("a", 5, 50))).close();
    assertThat(stages()).contains("tokenizer", "tokens of corpus a", "tokens of domain d");
  }

  @Test
  void writesDamagedFilesAgainWithAWarning() throws IOException {
    Study study = study(Domains.of(corpus("d", 3, 25)), corpus("a", 1, 50));
    prepare(study).close();
    Path shard = only("corpora", "a-.*\\.tokens");
    byte[] whole = Files.readAllBytes(shard);
    Files.write(shard, Arrays.copyOf(whole, whole.length - 1));
    Path tokenizer = only("", "tokenizer-.*");
    byte[] json = Files.readAllBytes(tokenizer);
    Files.write(tokenizer, Arrays.copyOf(json, 100));

    prepare(study).close();

    assertThat(Files.readAllBytes(shard)).isEqualTo(whole);
    assertThat(Files.readAllBytes(tokenizer)).isEqualTo(json);
    assertThat(stages()).doesNotContain("tokens of domain d");
    assertThat(events.stream().filter(StudyEvent.Warned.class::isInstance))
        .hasSize(2)
        .anyMatch(
            e -> e.toString().contains(shard.toString()) && e.toString().contains("truncated"));
  }

  @Test
  void listsAllProblemsAtOnce() throws IOException {
    Corpus gone =
        Corpus.documents(
            "gone",
            () -> {
              throw new UncheckedIOException(new IOException("no route to host"));
            });
    Corpus missing = Corpus.jsonl(directory.resolve("missing.jsonl"));
    Path noTokenizer = Files.writeString(directory.resolve("tokenizer.json"), "{}");
    Path empty = Files.createDirectory(directory.resolve("empty"));
    Files.writeString(empty.resolve(".hidden.txt"), "hidden");
    Study study =
        study(
                Domains.directory(empty).and(of("silent", "", "")),
                of("nothing"),
                of("broken", "good", "half \uD83D a character"),
                gone,
                missing)
            .tokenizer(TokenizerSpec.huggingFace(noTokenizer));

    List<Problem> problems = problemsOf(study);

    assertThat(problems).extracting(Problem::toString).hasSize(7);
    assertThat(problems)
        .extracting(Problem::toString)
        .anySatisfy(p -> assertThat(p).contains("corpus nothing", "0 documents"))
        .anySatisfy(p -> assertThat(p).contains("corpus broken", "id of half", "character 5"))
        .anySatisfy(p -> assertThat(p).contains("corpus gone", "no route to host"))
        .anySatisfy(p -> assertThat(p).contains("missing.jsonl"))
        .anySatisfy(p -> assertThat(p).contains("domains in " + empty))
        .anySatisfy(p -> assertThat(p).contains("domain silent", "2 documents with 0 bytes"))
        .anySatisfy(p -> assertThat(p).contains("tokenizer.json"));
  }

  @Test
  void writesNothingIfThereAreProblems() {
    Path data = directory.resolve("data");
    Study study = study(Domains.of(of("nothing")), corpus("a", 1, 50));

    assertThatThrownBy(() -> new StudyPreparer().prepare(study, data, StudyListener.none()))
        .isInstanceOf(MixlawException.class);
    assertThat(data).doesNotExist();
  }

  @Test
  void filesAndFoldersOfADirectoryAreDomainsInTheOrderOfTheirNames() throws IOException {
    Path valid = Files.createDirectory(directory.resolve("valid"));
    String line = "{\"text\": \"the red house\"}\n";
    Files.writeString(valid.resolve("wiki.jsonl"), line.repeat(25));
    Files.writeString(valid.resolve("books.txt"), "the green tree");
    Files.writeString(valid.resolve(".DS_Store"), "x");
    Files.writeString(valid.resolve("MANIFEST.tsv"), "x");
    Files.createDirectory(valid.resolve("archive.txt"));
    Files.createDirectories(valid.resolve("news/validation"));
    Files.writeString(valid.resolve("news/validation/0.jsonl"), line.repeat(26));
    Files.createDirectories(valid.resolve("news/train"));
    Files.writeString(valid.resolve("news/train/0.jsonl"), line.repeat(90));

    try (PreparedData data =
        prepare(study(Domains.directory(valid).and(corpus("own", 3, 30)), corpus("a", 1, 50)))) {
      assertThat(data.domains())
          .extracting(d -> d.facts().name())
          .containsExactly("own", "books", "news", "wiki");
      assertThat(data.domains().get(2).facts().documents()).isEqualTo(26);
      assertThat(data.warnings())
          .hasSize(3)
          .anyMatch(w -> w.contains("archive.txt is ignored"))
          .anyMatch(w -> w.contains("MANIFEST.tsv"))
          .anyMatch(w -> w.contains("domain books has 1 documents"));
    }
  }

  @Test
  void reportsTwoDomainsOfOneName() throws IOException {
    Path valid = Files.createDirectory(directory.resolve("valid"));
    Files.writeString(valid.resolve("wiki.txt"), "text");
    Files.writeString(valid.resolve("wiki.jsonl"), "{\"text\": \"text\"}");
    Files.writeString(valid.resolve("macro.txt"), "text");

    assertThat(problemsOf(study(Domains.directory(valid), corpus("a", 1, 50))))
        .extracting(Problem::subject)
        .containsExactlyInAnyOrder("domain wiki", "domain name");
  }

  @Test
  void skippedRecordsAreCountedAndShownEachTime() throws IOException {
    Path file = directory.resolve("web.jsonl");
    Files.writeString(file, "{\"text\": \"the red house\"}\n{broken\n".repeat(3));
    Study study = study(Domains.of(corpus("d", 3, 25)), Corpus.jsonl(file));

    for (int time = 0; time < 2; time++) {
      try (PreparedData data = prepare(study)) {
        assertThat(data.corpora().get(0).facts().skipped()).isEqualTo(3);
        assertThat(data.warnings())
            .anyMatch(w -> w.contains("corpus web: 3 malformed records") && w.contains(":2"));
      }
    }
  }

  @Test
  void readsEachTextOnceForEverythingThatIsStored() {
    Map<String, Integer> readings = new TreeMap<>();
    Corpus a = counted("a", 1, 50, readings);
    Corpus d = counted("d", 3, 200, readings);
    Study study = study(Domains.of(d).atMostBytes(20_000), a).budgets("400");

    try (PreparedData data = prepare(study)) {
      data.compareWords(events::add).orElseThrow().orElseThrow();
    }
    assertThat(readings)
        .as("a: summary, tokenizer, tokens, words; d: size of its excerpt, summary, tokens, words")
        .isEqualTo(Map.of("a", 4, "d", 4));

    readings.clear();
    try (PreparedData data = prepare(study)) {
      data.compareWords(events::add).orElseThrow().orElseThrow();
    }
    assertThat(readings).as("all is stored").isEqualTo(Map.of("a", 1, "d", 2));
  }

  private static Corpus counted(String name, long seed, int number, Map<String, Integer> readings) {
    List<Document> all = documents(name, seed, number);
    return Corpus.documents(
        name,
        () -> {
          readings.merge(name, 1, Integer::sum);
          return DocumentStream.of(all);
        });
  }

  @Test
  void warnsAboutTooLittleTextForTheVocabulary() {
    Study study =
        study(Domains.of(corpus("d", 3, 25)), corpus("a", 1, 50))
            .tokenizer(TokenizerSpec.trainedBpe(32768));

    try (PreparedData data = prepare(study)) {
      assertThat(data.tokenizer().vocabulary()).isLessThan(500);
      assertThat(data.warnings()).anyMatch(w -> w.contains("32768 in the description"));
    }
  }

  @Test
  void refusesASourceThatChangesBetweenReadings() {
    int[] readings = {0};
    Corpus fickle =
        Corpus.documents("fickle", () -> DocumentStream.of(documents("x", readings[0]++, 30)));

    assertThatThrownBy(() -> prepare(study(Domains.of(corpus("d", 3, 25)), fickle)))
        .isInstanceOf(MixlawException.class)
        .hasMessageContaining("corpus fickle")
        .hasMessageContaining("two readings");
  }

  @Test
  void warnsAboutContaminatedDomains() {
    List<Document> held = documents("d", 3, 25);
    List<Document> training = new ArrayList<>(documents("a", 1, 50));
    training.add(new Document("leak", "Copied: " + held.get(4).text()));
    Corpus leaking = Corpus.documents("leaking", () -> DocumentStream.of(training));

    try (PreparedData data = prepare(study(Domains.of(corpus("d", 3, 25)), leaking))) {
      assertThat(data.warnings())
          .singleElement()
          .asString()
          .contains("domain d: corpus leaking contains 1 of its 25 documents", "such as d/4");
    }
  }

  @Test
  void closesEveryStream() {
    int[] open = {0, 0};
    List<Document> all = documents("a", 1, 30);
    Corpus watched =
        Corpus.documents(
            "watched",
            () -> {
              open[0]++;
              open[1]++;
              DocumentStream inner = DocumentStream.of(all);
              return new DocumentStream() {
                @Override
                public boolean hasNext() {
                  return inner.hasNext();
                }

                @Override
                public Document next() {
                  return inner.next();
                }

                @Override
                public void close() {
                  open[0]--;
                }
              };
            });

    prepare(study(Domains.of(corpus("d", 3, 25)), watched)).close();

    assertThat(open[1]).isEqualTo(3); // summary, sample, tokens
    assertThat(open[0]).isZero();
  }

  @Test
  void nothingCanBeReadAfterClosing() {
    Corpus a = corpus("a", 1, 50);
    PreparedData data = prepare(study(Domains.of(corpus("d", 3, 25)), a));
    TokenSource source = data.source(Map.of("a", 1.0), 16, 1);
    data.close();

    assertThatThrownBy(() -> source.read(0, new int[17], 0))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> data.domains().get(0).tokens(0))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void reportsProgressToTheListener() {
    prepare(study(Domains.of(corpus("d", 3, 25)), corpus("a", 1, 8000))).close();

    List<StudyEvent.Preparing> tokens =
        events.stream()
            .filter(StudyEvent.Preparing.class::isInstance)
            .map(StudyEvent.Preparing.class::cast)
            .filter(e -> e.stage().equals("tokens of corpus a"))
            .toList();
    assertThat(tokens).hasSizeGreaterThan(2);
    assertThat(tokens).extracting(StudyEvent.Preparing::done).isSorted().startsWith(0L);
    assertThat(tokens.get(tokens.size() - 1).done()).isEqualTo(tokens.get(0).total());
  }

  @Test
  void preparesTheSharedCorpora() {
    Path root = Shared.corpora();
    Corpus web = Corpus.jsonl(root.resolve("natural/train/web.jsonl"));
    Corpus textbook =
        Corpus.jsonl(root.resolve("synthetic/train/textbook_gpt4.jsonl")).textbook("gpt-4");
    Study study =
        study(Domains.directory(root.resolve("natural/valid")), web, textbook)
            .tokenizer(TokenizerSpec.trainedBpe(1024));

    try (PreparedData data = prepare(study)) {
      assertThat(data.tokenizer().vocabulary()).isEqualTo(1024);
      assertThat(data.domains()).hasSize(20);
      assertThat(data.corpora().get(0).documents()).isEqualTo(824);
      assertThat(data.corpora().get(0).facts().bytes()).isEqualTo(2_780_048);
      assertThat(data.warnings()).noneMatch(w -> w.contains("malformed"));
      String text = Shared.texts(root.resolve("natural/train/web.jsonl")).get(823);
      assertThat(data.tokenizer().decode(data.corpora().get(0).tokens(823)))
          .isEqualTo(text + "<|endoftext|>");
    }
  }
}
