package dev.mixlaw.eval.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mixlaw.api.results.ChoiceFinding;
import dev.mixlaw.api.results.Comparison;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.Findings;
import dev.mixlaw.api.results.Measurement;
import dev.mixlaw.api.results.Metric;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.eval.analysis.StudyAnalyst;
import dev.mixlaw.eval.stats.WilsonInterval;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChoiceFindingsTest {
  private static final int QUESTIONS = 200;

  @TempDir Path directory;

  private static final Findings FINDINGS = findings();

  private static SimulatedStudy study() {
    SimulatedStudy study = SimulatedStudy.usual();
    study.models.remove("1M");
    study.budgets = List.of(4_000_000L, 8_000_000L);
    study.domains.keySet().retainAll(List.of("java", "manuals"));
    return study;
  }

  /**
   * Returns findings with a multiple-choice test, whose accuracy depends on the mixture and seed of
   * a run.
   */
  private static Findings findings() {
    SimulatedStudy study = study();
    List<RunResult> runs =
        study.runs().stream()
            .map(r -> SimulatedStudy.with(r, answers("sky", bySeedAndMixture(r))))
            .toList();
    return new StudyAnalyst().analyze(study.provenance(), runs);
  }

  /**
   * Returns scores of a model that answers the first questions correctly, up to the fraction {@code
   * part}. Without length normalisation, it answers every second of these correctly.
   */
  private static List<Measurement> answers(String test, double part) {
    return List.of(
        measured(test, Metric.ACC, q -> q < Math.round(part * QUESTIONS) && q % 2 == 0 ? 1 : 0),
        measured(test, Metric.ACC_NORM, q -> q < Math.round(part * QUESTIONS) ? 1 : 0),
        measured(test, Metric.CORRECT_PROB_NORM, q -> 0.5 * part + 0.1 * (q % 3)));
  }

  private static Measurement measured(String test, Metric metric, IntToDoubleFunction score) {
    double[] scores = IntStream.range(0, QUESTIONS).mapToDouble(score).toArray();
    return new Measurement(
        test,
        metric,
        WilsonInterval.ofMean(scores),
        Arrays.stream(scores).boxed().toList(),
        List.of(),
        Map.of("chance", 0.25, "cut", 3.0));
  }

  private static double bySeedAndMixture(RunResult run) {
    return run.key().mixture().equals("natural")
        ? 0.40 + 0.01 * run.key().seed()
        : run.key().mixture().startsWith("paraphrased") ? 0.60 : 0.42;
  }

  private static ChoiceFinding last(String mixture) {
    return last(mixture, Metric.ACC_NORM);
  }

  private static ChoiceFinding last(String mixture, Metric metric) {
    return FINDINGS.choices().stream()
        .filter(f -> f.mixture().equals(mixture) && f.metric().equals(metric))
        .reduce((a, b) -> b)
        .orElseThrow();
  }

  @Test
  void seedsAreAveragedAndTheirSpreadIsPooled() {
    ChoiceFinding natural = last("natural");
    assertThat(natural.seeds()).isEqualTo(3);
    assertThat(natural.value().value()).isCloseTo(0.41, within(1e-9));
    assertThat(last("natural", Metric.ACC).value().value()).isCloseTo(0.205, within(1e-9));
    assertThat(natural.seedSpread().orElseThrow()).isCloseTo(0.01, within(1e-3));
    assertThat(natural.difference()).isEmpty();
  }

  @Test
  void oneSeedHasWilsonsInterval() {
    ChoiceFinding one = last("paraphrased-33");

    Estimate wilson = WilsonInterval.of(0.6, QUESTIONS);
    assertThat(one.value().interval().low()).isCloseTo(wilson.interval().low(), within(1e-9));
    assertThat(one.value().interval().high()).isCloseTo(wilson.interval().high(), within(1e-9));
  }

  @Test
  void mixturesAreComparedOnTheSameQuestions() {
    Estimate better = last("paraphrased-33").difference().orElseThrow().difference();
    Estimate alike = last("generated-33").difference().orElseThrow().difference();

    assertThat(better.value()).isCloseTo(0.19, within(1e-9));
    assertThat(better.interval().low()).isPositive();
    assertThat(alike.value()).isCloseTo(0.01, within(1e-9));
    // The same questions are compared, and a hundredth of them have different answers; this
    // variation alone would give an interval from 0 to 0.025. Three seeds of the baseline and one
    // of the other mixture add 0.01 · √(1 + 1/3) · t with two to three degrees of freedom, because
    // a seed deviates alike at both budgets.
    assertThat(alike.interval().low()).isBetween(0.01 - 0.053, 0.01 - 0.035);
    assertThat(alike.interval().high()).isBetween(0.01 + 0.035, 0.01 + 0.053);
  }

  /**
   * The difference is half of that between the fractions of correct answers, because the
   * probability of each question contains 0.5 · fraction.
   */
  @Test
  void everyMetricIsComparedInTheSameWay() {
    Comparison probability =
        last("paraphrased-33", Metric.CORRECT_PROB_NORM).difference().orElseThrow();

    assertThat(probability.difference().value()).isCloseTo(0.095, within(1e-9));
    assertThat(probability.difference().interval().low()).isPositive();
    assertThat(probability.degreesOfFreedom()).isPositive();
  }

  @Test
  void theReportShowsThemForPeopleAndPrograms() throws IOException {
    Path html = directory.resolve("report.html");
    FINDINGS.report(html);

    assertThat(Files.readString(html))
        .contains("Multiple-choice tests", "sky, model 3M, 8M tokens", "200 questions")
        .contains("Chance level: 25 %", "3 questions are longer than the context")
        .containsPattern("standard deviation of (0\\.9|1\\.?)\\d* percentage points");
    JsonNode json = new JsonMapper().readTree(directory.resolve("results.json").toFile());
    JsonNode run = json.get("accuracies").get(0);
    assertThat(run.get("test").asText()).isEqualTo("sky");
    assertThat(run.get("acc_norm").get("value").asDouble()).isEqualTo(0.4);
    assertThat(run.get("acc").get("low").asDouble()).isBetween(0.1, 0.2);
    assertThat(run.get("questions").asInt()).isEqualTo(QUESTIONS);
    assertThat(run.get("correct_prob_norm").get("value").asDouble()).isCloseTo(0.3, within(1e-2));
    assertThat(json.get("accuracy_by_mixture").findValues("correct_prob_norm_difference"))
        .isNotEmpty();
    assertThat(json.get("accuracy_by_mixture").findValues("acc_norm_difference")).isNotEmpty();
  }

  @Test
  void withoutTestsNothingIsReported() throws IOException {
    Path html = directory.resolve("report.html");
    Findings findings = study().findings();
    findings.report(html);

    assertThat(findings.choices()).isEmpty();
    assertThat(Files.readString(html)).doesNotContain("ultiple-choice");
    assertThat(Files.readString(directory.resolve("results.json"))).doesNotContain("accurac\"");
  }
}
