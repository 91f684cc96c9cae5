package dev.mixlaw.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.Domains;
import dev.mixlaw.api.Lab;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Mixture;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Plan;
import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.Study;
import dev.mixlaw.api.TokenizerSpec;
import dev.mixlaw.api.results.Findings;
import dev.mixlaw.api.results.Question;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.spi.Precision;
import dev.mixlaw.api.units.Tokens;
import dev.mixlaw.train.engine.Engines;
import dev.mixlaw.train.run.LocalStudyRunner;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the lab tool on the lab of a study that trains models and is extended later. */
class LabToolTest {
  @TempDir Path directory;

  private static Corpus corpus(String name, int seed, int documents) {
    SplittableRandom random = new SplittableRandom(seed);
    List<Document> texts =
        IntStream.range(0, documents)
            .mapToObj(
                d -> {
                  StringBuilder text = new StringBuilder();
                  for (int w = 0; w < 60; w++) {
                    text.append("word").append(random.nextInt(20 + 10 * seed)).append(' ');
                  }
                  return new Document(name + d, text.toString());
                })
            .toList();
    return Corpus.documents(name, () -> DocumentStream.of(texts)).natural();
  }

  private static Study study() {
    return Study.named("small")
        .mixtures(Mixture.of(corpus("web", 1, 300)))
        .models(ModelSpec.of("tiny", 32, 1, 1, 32).withContext(32))
        .budgets("2560", "5120")
        .tokenizer(TokenizerSpec.trainedBpe(300))
        .recipe(Recipe.standard().withBatch(Tokens.tokens(128)).withLearningRate(0.002))
        .evaluateOn(Domains.of(corpus("news", 2, 25)));
  }

  @Test
  void otherLearningRatesAreCheckedAndStayInTheLab() {
    Study two = study().mixtures(Mixture.of(corpus("books", 3, 300).rephrased("none"))).seeds(2);
    try (Lab lab = Lab.in(directory).engine(Engines.nativeCpu()).threads(1).open()) {
      lab.run(two).requireComplete();
      Plan plan = lab.plan(two.checkRates(1 / 3.0, 1, 3));
      assertThat(plan.newRuns()).isEqualTo(8);
      assertThat(plan.reusedRuns()).isEqualTo(8);

      Findings found = lab.run(two.checkRates(1 / 3.0, 1, 3)).requireComplete();

      assertThat(found.rateChecks()).extracting(c -> c.factor()).containsExactly(1 / 3.0, 3.0);
      assertThat(found.runs()).hasSize(8);
      assertThat(found.summary()).anyMatch(s -> s.startsWith("Other learning rates (× 0.33, 3.0)"));
      assertThat(lab.findings("small").rateChecks()).isEqualTo(found.rateChecks());
      assertThat(lab.run(two).rateChecks()).isEmpty();
    }
  }

  @Test
  void aStoppingRuleAddsSeedsThatTheStoredStudyKeeps() {
    Study two =
        study()
            .mixtures(Mixture.of(corpus("books", 3, 300).rephrased("none")))
            .seeds(2)
            .asks(Question.compare("books").until(1e-9, 3));
    try (Lab lab = Lab.in(directory).engine(Engines.nativeCpu()).threads(1).open()) {
      Findings found = lab.run(two).requireComplete();

      assertThat(found.runs())
          .filteredOn(r -> r.key().seed() == 2)
          .extracting(r -> r.key().mixture() + " " + r.key().budget().count())
          .containsExactlyInAnyOrder("web 5120", "books 5120");
      assertThat(found.runs()).hasSize(10);
      assertThat(lab.findings("small").runs()).isEqualTo(found.runs());
      assertThat(lab.findings("small").primary()).isEqualTo(found.primary()).hasSize(1);
      assertThat(lab.run(two).runs()).isEqualTo(found.runs());
    }
  }

  @Test
  void aSubmittedStudyIsTrainedByAWorkerThatHasNoneOfItsText() throws IOException {
    Study rates =
        study().mixtures(Mixture.of(corpus("books", 3, 300).rephrased("none"))).checkRates(1 / 3.0);
    Path worked = directory.resolve("worked");
    try (Lab lab = Lab.in(worked).engine(Engines.nativeCpu().precision(Precision.FP32)).open()) {
      lab.submit(rates);
    }
    assertThat(Ran.of(new LabTool(), "--lab", worked.toString(), "list").out())
        .startsWith("small: 6 runs, 6 missing");

    Ran worker = Ran.of(new Worker(), "--lab", worked.toString(), "--threads", "1");

    assertThat(worker.code()).as(worker.err()).isZero();
    List<RunResult> expected;
    try (Lab lab = fp32(directory.resolve("alone"))) {
      expected = lab.run(rates).requireComplete().runs();
    }
    try (Lab lab = fp32(worked)) {
      assertThat(lab.plan(rates).newRuns()).isZero();
      assertThat(lab.run(rates).requireComplete().runs())
          .usingRecursiveFieldByFieldElementComparatorIgnoringFields("seconds")
          .isEqualTo(expected);
    }
  }

  private static Lab fp32(Path directory) {
    return Lab.in(directory)
        .engine(Engines.nativeCpu().precision(Precision.FP32))
        .threads(1)
        .open();
  }

  @Test
  void aStudyContinuesAModelOfTheLabWithItsTokenizer() throws IOException {
    try (Lab lab = Lab.in(directory).engine(Engines.nativeCpu()).threads(1).open()) {
      Findings first = lab.run(study()).requireComplete();
      RunResult run = first.runs().get(1);
      Path model = directory.resolve("runs").resolve(run.identity()).resolve("model");
      Study next =
          Study.named("next")
              .mixtures(study().mixtures().get(0))
              .budgets("2560")
              .recipe(study().recipe().withLearningRate(1e-30))
              .evaluateOn(study().domains())
              .startFrom(model);

      Findings found = lab.run(next).requireComplete();

      assertThat(found.runs().get(0).measurements()).isEqualTo(run.measurements());
      assertThat(found.runs().get(0).key().model()).isEqualTo("model");
      assertThat(found.provenance().settings()).containsEntry("starts from", model.toString());
      assertThat(found.provenance().tokenizer()).isEqualTo(first.provenance().tokenizer());
      ModelSpec shorter = new LocalStudyRunner().startingModel(model).withContext(16);
      assertThat(lab.plan(next.models(shorter)).newRuns()).isEqualTo(1);
      Files.delete(model.resolve("model.safetensors"));
      Files.delete(model.resolve("tokenizer.json"));
      assertThatThrownBy(() -> lab.plan(next.models(study().models()).seeds(0)))
          .isInstanceOfSatisfying(MixlawException.class, e -> assertThat(e.problems()).hasSize(3))
          .hasMessageContainingAll("seeds: 0", "model.safetensors is missing", "tokenizer.json");
    }
  }

  @Test
  void aGrownStudyKeepsItsTokenizerAndRunsAndIsReadWithoutItsText() throws IOException {
    Study grown =
        study()
            .mixtures(Mixture.of(corpus("books", 3, 300).rephrased("none")))
            .evaluateOn(Domains.of(corpus("news", 2, 25), corpus("mail", 4, 25)));
    List<RunResult> first;
    Findings after;
    try (Lab lab = Lab.in(directory).engine(Engines.nativeCpu()).threads(1).open()) {
      first = lab.run(study()).requireComplete().runs();
      Plan plan = lab.plan(grown);
      assertThat(plan.reusedRuns()).as("although there is another corpus").isEqualTo(2);
      assertThat(plan.newRuns()).isEqualTo(2);
      after = lab.run(grown).requireComplete();
    }

    assertThat(after.runs().subList(0, 2))
        .extracting(RunResult::identity)
        .isEqualTo(first.stream().map(RunResult::identity).toList());
    assertThat(after.runs().get(0).measurements().get(0))
        .isEqualTo(first.get(0).measurements().get(0));
    try (Lab elsewhere = Lab.open(directory)) {
      Findings read = elsewhere.findings("small");
      assertThat(read.runs()).isEqualTo(after.runs());
      assertThat(read.comparisons()).isEqualTo(after.comparisons());
      assertThatThrownBy(() -> elsewhere.findings("large"))
          .hasMessageContaining("study large: not in this lab; expected one of [small] in");
    }

    assertThat(tool("list")).isEqualTo("small: 4 runs, 4 measured\nno jobs in progress\n");
    assertThat(tool("list", "small").lines()).hasSize(4);
    assertThat(tool("show", first.get(0).identity().substring(0, 12))).contains("completed");
    assertThat(tool("verify")).isEqualTo("all files are intact\n");
    assertThat(tool("prune", "--dry-run")).isEqualTo("0 would be deleted\n");
    assertThat(tool("retry", "small")).isEqualTo("0 runs will be trained again\n");
    assertThat(tool("diff", "small", "small")).isEmpty();
    Path csv = directory.resolve("losses.csv");
    assertThat(tool("export", "small", csv.toString())).isEmpty();
    assertThat(Files.readAllLines(csv)).hasSize(1 + 4 * 2);
    String lab = directory.toString();
    assertThat(Ran.of(new LabTool(), "--lab", lab, "export", "small", lab).err())
        .contains("it is a directory")
        .doesNotContain("\tat ");

    Path run = directory.resolve("runs").resolve(first.get(0).identity()).resolve("run.json");
    Files.write(run, new byte[10]);
    assertThat(run(1, "verify")).contains("run.json is damaged").contains("problem");
    assertThat(run(1, "show", "none")).isEmpty();
    assertThat(run(2)).isEmpty();
  }

  private String tool(String... command) {
    return run(0, command);
  }

  private String run(int code, String... command) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = System.out;
    System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    try {
      String[] args = new String[command.length + 2];
      args[0] = "--lab";
      args[1] = directory.toString();
      System.arraycopy(command, 0, args, 2, command.length);
      assertThat(Samples.run(new LabTool(), args)).isEqualTo(code);
    } finally {
      System.setOut(out);
    }
    return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
  }
}
