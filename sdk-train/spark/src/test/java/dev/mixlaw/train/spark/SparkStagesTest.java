package dev.mixlaw.train.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Lab;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Study;
import dev.mixlaw.api.results.Findings;
import dev.mixlaw.train.engine.Engines;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class SparkStagesTest {
  private static final AtomicInteger CALLS = new AtomicInteger();

  private static JavaSparkContext context;

  @TempDir Path directory;

  @BeforeAll
  static void start() {
    context =
        new JavaSparkContext(
            new SparkConf()
                .setAppName("test")
                .setMaster("local[2,3]") // a task that fails is tried up to three times
                .set("spark.ui.enabled", "false")
                .set("spark.hadoop.fs.memory.impl", MemoryFileSystem.class.getName())
                .set("spark.driver.host", "localhost")
                .set("spark.driver.bindAddress", "127.0.0.1"));
  }

  @AfterAll
  static void stop() {
    context.stop();
  }

  private static String sentence(Random random) {
    return IntStream.range(0, 60)
        .mapToObj(w -> "word" + random.nextInt(300))
        .collect(Collectors.joining(" "));
  }

  private static String json(String text) {
    return "{\"text\": \"" + text + "\"}\n";
  }

  /** A directory of JSON Lines, of which some are compressed, empty or partly malformed. */
  private void writeWeb(Path folder, List<String> heldOut) throws IOException {
    Random random = new Random(1);
    Files.createDirectories(folder);
    for (int file = 0; file < 6; file++) {
      StringBuilder lines = new StringBuilder();
      for (int i = 0; i < 40 * file; i++) {
        lines.append(i % 50 == 7 ? "{malformed\n" : json(sentence(random)));
      }
      if (file > 3) {
        String copy = heldOut.get(file).replace("word1 ", "other ");
        lines.append(json(copy));
      }
      Path path = folder.resolve("part-" + file + (file == 2 ? ".jsonl.gz" : ".jsonl"));
      try (OutputStream out = Files.newOutputStream(path);
          OutputStream in = file == 2 ? new GZIPOutputStream(out) : out) {
        in.write(lines.toString().getBytes(StandardCharsets.UTF_8));
      }
    }
  }

  private Study study() throws IOException {
    Random random = new Random(2);
    List<String> heldOut = Stream.generate(() -> sentence(random)).limit(30).toList();
    writeWeb(directory.resolve("web"), heldOut);
    Path books = Files.createDirectories(directory.resolve("books"));
    for (int i = 0; i < 9; i++) {
      String book = Stream.generate(() -> sentence(random)).limit(20 + i).toList().toString();
      Files.writeString(books.resolve("book" + i + ".txt"), book);
    }
    Path news = directory.resolve("news.jsonl");
    Files.writeString(
        news, heldOut.stream().map(SparkStagesTest::json).collect(Collectors.joining()));
    return SmallStudy.of(
            Corpus.jsonl(directory.resolve("web")).natural(),
            Corpus.directory(books).rephrased("m"),
            Corpus.jsonl(news))
        .budgets("4096");
  }

  private static Lab.Builder lab(Path directory) {
    return Lab.in(directory).engine(Engines.nativeCpu()).threads(1);
  }

  /** Returns the content of all prepared files by name. */
  private static Map<String, String> files(Path lab) throws IOException {
    Map<String, String> files = new TreeMap<>();
    Path text = lab.resolve(".text");
    try (Stream<Path> all = Files.walk(text)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files.put(
            text.relativize(file).toString(),
            new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
      }
    }
    return files;
  }

  @Test
  void aClusterPreparesTheFilesOfOneMachine() throws IOException {
    Study study = study();
    Findings expected;
    Path one = directory.resolve("one");
    try (Lab lab = lab(one).open()) {
      expected = lab.run(study);
    }
    SparkStudyRunner runner = new SparkStudyRunner(2).preparingCorpora();
    Findings found;
    Path shared = directory.resolve("shared");
    try (Lab lab = lab(shared).runner(runner).open()) {
      found = lab.run(study);
    }

    assertThat(files(shared)).isEqualTo(files(one));
    assertThat(files(one).keySet())
        .anyMatch(f -> f.startsWith("corpora"))
        .anyMatch(f -> f.startsWith("tokenizer-"))
        .anyMatch(f -> f.startsWith("words-"));
    assertThat(SmallStudy.results(found.runs())).isEqualTo(SmallStudy.results(expected.runs()));
    assertThat(found.provenance().warnings()).isEqualTo(expected.provenance().warnings());
    assertThat(String.join("; ", expected.provenance().warnings()))
        .contains("corpus web contains 2 of its 30 documents", "malformed records were skipped");
  }

  @Test
  void problemsAreThoseOfOneMachine() throws IOException {
    Study study = study();
    Files.writeString(directory.resolve("web/part-3.jsonl"), "x\n".repeat(200));
    Files.writeString(directory.resolve("web/part-5.jsonl.gz"), "not compressed");
    Throwable expected;
    try (Lab lab = lab(directory.resolve("one")).open()) {
      expected = catchThrowable(() -> lab.plan(study));
    }
    assertThat(expected).hasMessageContaining("corpus web: malformed records: 101 of ");

    SparkStudyRunner runner =
        new SparkStudyRunner(2).store(URI.create("memory://test/lab")).preparingCorpora();
    try (Lab lab = lab(directory.resolve("shared")).runner(runner).open()) {
      assertThatThrownBy(() -> lab.plan(study))
          .isInstanceOf(MixlawException.class)
          .hasMessage(expected.getMessage());
    }
  }

  @Test
  void outputsAreInTheOrderOfTheInputsAndTasksThatDieAreRepeated() {
    CALLS.set(0);
    List<String> outputs = new ArrayList<>();

    new SparkStages(context)
        .run(
            "test",
            IntStream.range(0, 7).boxed().toList(),
            input -> IntStream.range(0, 50).mapToObj(i -> die(input, i) + " " + i),
            outputs::add);

    assertThat(CALLS).as("deaths").hasValue(2);
    assertThat(outputs)
        .isEqualTo(IntStream.range(0, 350).mapToObj(i -> i / 50 + " " + i % 50).toList());
  }

  private static int die(int input, int output) {
    if (input == 3 && output == 40 && CALLS.get() < 2) {
      CALLS.incrementAndGet();
      throw new AssertionError("a task that dies");
    }
    return input;
  }

  @Test
  void anExceptionOfTheFunctionIsThrownOnceAfterTheOutputsBeforeIt() {
    CALLS.set(0);
    List<Integer> outputs = new ArrayList<>();

    assertThatThrownBy(
            () ->
                new SparkStages(context)
                    .run("test", List.of(1, 2, 3, 4), SparkStagesTest::refuse3, outputs::add))
        .isInstanceOf(MixlawException.class)
        .hasMessageContaining("three");

    assertThat(outputs).containsExactly(1, 2);
    assertThat(CALLS).hasValue(1);
  }

  private static Stream<Integer> refuse3(int input) {
    if (input == 3) {
      CALLS.incrementAndGet();
      throw MixlawException.data("three", "3", "another number", "change it");
    }
    return Stream.of(input);
  }
}
