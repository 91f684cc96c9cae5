package dev.mixlaw.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class StudyRulesTest {
  private static final Corpus A = Corpus.documents("a", () -> DocumentStream.of(List.of()));
  private static final Corpus B = Corpus.documents("b", () -> DocumentStream.of(List.of()));

  private static Study sound() {
    return Study.named("sound")
        .mixtures(Mixture.grid(A, B, 0, 0.5))
        .models(ModelSpec.ladder("100k"))
        .budgets("1M")
        .evaluateOn(Domains.of(A.named("held-out")));
  }

  private static MultipleChoice questions(String name, String... ids) {
    return new MultipleChoice(
        name,
        Stream.of(ids)
            .map(id -> new MultipleChoice.Question(id, "Q", List.of("a", "b"), 1))
            .toList());
  }

  @Test
  void aSoundStudyHasNoProblems() {
    assertThat(StudyRules.problems(sound())).isEmpty();
    Mixture thirds = Mixture.named("thirds").with(A, 0.333333).with(B, 0.333333);
    assertThat(StudyRules.problems(sound().mixtures(thirds.with(A.named("c"), 0.333333))))
        .isEmpty();
    assertThat(StudyRules.problems(sound().ask(questions("t", "1"), questions("u", "1"))))
        .isEmpty();
  }

  @Test
  void theBaselineIsTheNamedMixtureOrTheFirstNaturalOne() {
    Mixture synthetic = Mixture.of(B.named("s").rephrased("model"));
    Study study = Study.named("s").mixtures(synthetic).mixtures(sound().mixtures());

    assertThat(study.baselineMixture().orElseThrow().name()).isEqualTo("a");
    assertThat(study.baseline("s").baselineMixture()).contains(synthetic);
    assertThat(Study.named("t").mixtures(synthetic).baselineMixture()).contains(synthetic);
    assertThat(Study.named("t").baselineMixture()).isEmpty();
  }

  static Stream<Arguments> faults() {
    return Stream.of(
        fault("sum of shares", s -> s.mixtures(Mixture.named("m").with(A, 0.5).with(B, 0.4))),
        fault("share of b", s -> s.mixtures(Mixture.named("m").with(A, 1.5).with(B, -0.5))),
        fault("share of b", s -> s.mixtures(Mixture.named("m").with(A, 1).with(B, Double.NaN))),
        fault("sum of shares", s -> s.mixtures(Mixture.named("empty"))),
        fault("corpus a twice", s -> s.mixtures(Mixture.named("m").with(A, 0.5).with(A, 0.5))),
        fault("two mixtures with this name", s -> s.mixtures(Mixture.named("a").with(B, 1))),
        fault("upper and lower case", s -> s.mixtures(Mixture.named("A").with(B, 1))),
        fault("mixture name", s -> s.mixtures(Mixture.named("../x").with(A, 1))),
        fault("two different corpora", s -> s.mixtures(Mixture.named("m").with(B.named("a"), 1))),
        fault(
            "does not exist",
            s -> s.mixtures(Mixture.of(Corpus.jsonl(Path.of("no-such-file.jsonl"))))),
        fault(
            "does not exist",
            s -> s.mixtures(Mixture.of(Corpus.jsonl(Path.of("no-such.jsonl")).excerpt(10)))),
        fault("baseline", s -> s.baseline("c")),
        fault(
            "size of the excerpt in bytes: 0",
            s -> s.mixtures(Mixture.of(A.named("c").excerpt(0)))),
        fault("size of the excerpt in bytes: 0", s -> s.evaluateOn(s.domains().atMostBytes(0))),
        fault(
            "is not a directory",
            s -> s.evaluateOn(Domains.directory(Path.of("no-such-directory")))),
        fault("domains: none", s -> s.evaluateOn(Domains.of())),
        fault("domain name: \"macro\"", s -> s.evaluateOn(Domains.of(A, B.named("macro")))),
        fault("domain name: \"micro\"", s -> s.evaluateOn(Domains.of(A, B.named("micro")))),
        fault("two domains with this name", s -> s.evaluateOn(Domains.of(A, B.named("a")))),
        fault("test t: questions: none", s -> s.ask(questions("t"))),
        fault("test name", s -> s.ask(questions("a/b", "1"))),
        fault("question 1: two questions", s -> s.ask(questions("t", "1", "2", "1"))),
        fault("two tests with this name", s -> s.ask(questions("t", "1")).ask(questions("t", "2"))),
        fault("budgets", s -> s.budgets("1M")),
        fault("seeds: 0", s -> s.seeds(0)),
        fault("no such mixture", s -> s.seeds("c", 2)),
        fault("repeats per token", s -> s.maxRepeats(0.5)),
        fault("repeats per token", s -> s.maxRepeats(Double.NaN)),
        fault("vocabulary", s -> s.tokenizer(TokenizerSpec.trainedBpe(100))),
        fault("is not a file", s -> s.tokenizer(TokenizerSpec.huggingFace(Path.of("no.json")))),
        fault("two models with this name", s -> s.models(ModelSpec.ladder("100k"))),
        fault("even head size", s -> s.models(ModelSpec.of("odd", 66, 2, 4, 64))),
        fault("even head size", s -> s.models(ModelSpec.of("odd", 12, 2, 4, 64))),
        fault(
            "divisor of the number of heads",
            s -> s.models(ModelSpec.of("gqa", 64, 2, 4, 64).withKeyValueHeads(3))),
        fault("layers: 0", s -> s.models(ModelSpec.of("flat", 64, 0, 4, 64))),
        fault("context", s -> s.models(ModelSpec.of("short", 64, 1, 4, 64).withContext(1))),
        fault("learning rate", s -> s.recipe(Recipe.standard().withLearningRate(Double.NaN))),
        fault("learning rate check: factor: -1.0", s -> s.checkRates(3, -1)),
        fault("learning rate check: factor: NaN", s -> s.checkRates(Double.NaN)),
        fault("decay", s -> s.recipe(Recipe.standard().with(Schedule.warmupStableDecay(9, 1.2)))));
  }

  private static Arguments fault(String named, UnaryOperator<Study> change) {
    return Arguments.of(named, change);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("faults")
  void eachFaultIsNamed(String named, UnaryOperator<Study> change) {
    List<Problem> problems = StudyRules.problems(change.apply(sound()));

    assertThat(problems).isNotEmpty();
    assertThat(problems.toString()).contains(named);
  }

  @Test
  void allProblemsAreListedAtOnceAndNothingIsMade(@TempDir Path directory) {
    Study broken = Study.named("broken").mixtures(Mixture.named("m").with(A, 0.4)).seeds(-1);

    try (Lab lab = Lab.open(directory.resolve("lab"))) {
      assertThatExceptionOfType(MixlawException.class)
          .isThrownBy(() -> lab.plan(broken))
          .satisfies(e -> assertThat(e.kind()).isEqualTo(MixlawException.Kind.DESCRIPTION))
          .satisfies(e -> assertThat(e.problems()).hasSize(5))
          .withMessageContaining("sum of shares")
          .withMessageContaining("Study.models");
    }
    assertThat(directory.resolve("lab")).doesNotExist();
  }

  @Test
  void allMissingModulesAreNamedAsArtifactsToAdd(@TempDir Path directory) {
    try (Lab lab = Lab.open(directory)) {
      assertThatExceptionOfType(MixlawException.class)
          .isThrownBy(() -> lab.plan(sound()))
          .withMessageContainingAll(
              "dev.mixlaw:mixlaw-mix", "dev.mixlaw:mixlaw-train", "dev.mixlaw:mixlaw-eval");
    }
  }
}
