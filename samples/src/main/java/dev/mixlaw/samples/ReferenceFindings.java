package dev.mixlaw.samples;

import static java.util.stream.Collectors.joining;

import dev.mixlaw.api.results.Findings;
import dev.mixlaw.api.results.Interval;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.units.Params;
import dev.mixlaw.api.units.Tokens;
import dev.mixlaw.samples.ReferenceChecks.Check;
import dev.mixlaw.samples.ReferenceChecks.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Decides the findings of Kang et al. (2025) from losses, by the rules in {@code
 * samples/reference/plan.md}.
 */
final class ReferenceFindings {
  private static final String HUMAN = "human";
  private static final String FILTERED_HUMAN = "filtered-human-100";
  private static final String THIRD = "rephrased-33";
  private static final String REPHRASED = "rephrased-100";
  private static final String NATURAL = "natural";
  private static final String FILTERED = "filtered-100";
  private static final String TEXTBOOKS = "textbooks-100";

  private static final List<String> STATEMENTS =
      List.of(
          "Rephrased text alone is no faster",
          "One third rephrased is 5 to 10 times faster",
          "Textbooks alone are worse, most at small budgets",
          "The best share depends on size",
          "A stronger generator does not help",
          "Only textbooks cause a collapse",
          "Word coverage does not explain the ranking");

  /**
   * A finding at one model size. The estimate and its interval are those of the first check.
   *
   * @param scale model size and training tokens
   */
  record Finding(
      int number,
      String statement,
      Verdict verdict,
      @Nullable Double estimate,
      @Nullable Double low,
      @Nullable Double high,
      String scale,
      List<Check> checks) {
    /** Returns all measurements in words. */
    String measured() {
      return checks.stream().map(Check::measured).collect(joining("; "));
    }

    /** Returns the verdict, the statement, and the first measurement that has this verdict. */
    String sentence() {
      String decisive =
          checks.stream()
              .filter(check -> check.verdict() == verdict)
              .map(Check::brief)
              .findFirst()
              .orElseThrow();
      return "%d. %s: %s (%s)".formatted(number, statement, verdict, decisive);
    }
  }

  private final ReferenceLosses losses;
  private final Findings paired;
  private final Findings styles;
  private final Findings generators;

  ReferenceFindings(ReferenceLosses losses) {
    this.losses = losses;
    paired = losses.findings(ReferenceDesign.PAIRED);
    styles = losses.findings(ReferenceDesign.STYLES);
    generators = losses.findings(ReferenceDesign.GENERATORS);
  }

  /** Returns the studies, each analyzed by its mean loss over the natural domains. */
  List<Findings> studies() {
    return List.of(paired, styles, generators);
  }

  /** Returns each finding at each model size at which its study has runs, smallest first. */
  List<Finding> atEachSize() {
    return IntStream.rangeClosed(1, STATEMENTS.size())
        .boxed()
        .flatMap(number -> models(study(number)).stream().map(model -> at(number, model)))
        .toList();
  }

  /**
   * Returns those of the findings at each size that are at the largest model with which all
   * mixtures were trained.
   */
  List<Finding> atPrimarySize(List<Finding> atEachSize) {
    return atEachSize.stream()
        .filter(f -> f.scale().equals(scale(f.number(), primary(study(f.number())))))
        .toList();
  }

  /** Returns predictions of the largest budgets and models. */
  List<ReferencePredictions.Prediction> predictions() {
    return Stream.of(paired, styles).flatMap(s -> ReferencePredictions.of(s).stream()).toList();
  }

  /**
   * Returns measurements that test likely reasons for a finding: the quality of natural text, the
   * style of the domains, and the learning rate.
   */
  List<Check> reasons() {
    List<Check> reasons = new ArrayList<>();
    reasons.add(checks(paired).worse(THIRD, "filtered-human-33"));
    reasons.add(checks(styles).worse(FILTERED, NATURAL));
    reasons.add(checks(styles).worse(TEXTBOOKS, FILTERED));
    reasons.add(on("pairs_rephrased", paired).worse(REPHRASED, HUMAN).in("on pairs_rephrased"));
    reasons.add(on("textbook_llama31", styles).worse(TEXTBOOKS, NATURAL).in("on textbook_llama31"));
    for (String rate : List.of("-rate-0.33", "-rate-3.00")) {
      String pairs = ReferenceDesign.PAIRED + rate;
      if (losses.studies().contains(pairs)) {
        ReferenceChecks checks = checks(losses.findings(pairs));
        reasons.add(checks.worse(THIRD, HUMAN).in("in " + pairs));
        reasons.add(checks.worse(REPHRASED, HUMAN).in("in " + pairs));
      }
      String kinds = ReferenceDesign.STYLES + rate;
      if (losses.studies().contains(kinds)) {
        reasons.add(checks(losses.findings(kinds)).worse(TEXTBOOKS, NATURAL).in("in " + kinds));
      }
    }
    return reasons;
  }

  /** Checks the best share of 60 to 80 % that FinePhrase (2026) found for structured formats. */
  List<Check> finePhrase() {
    Function<Interval, Verdict> rule = i -> Verdict.when(i.low() >= 0.6, i.high() < 0.6);
    Tokens large = budget(styles, true);
    return List.of(
        checks(styles).share("questions", large, rule),
        on("qa_llama31", styles).share("questions", large, rule).in("on qa_llama31"));
  }

  /** Returns checks of a study at its largest model with which all mixtures were trained. */
  private ReferenceChecks checks(Findings study) {
    return checks(study, primary(study));
  }

  private ReferenceChecks checks(Findings study, Params model) {
    return new ReferenceChecks(losses, study, model, budget(study, false), budget(study, true));
  }

  /** Returns checks on one domain. Models with which few mixtures were trained are left out. */
  private ReferenceChecks on(String domain, Findings study) {
    Params largest = primary(study);
    String condition = "params<=" + largest.count();
    return checks(
        losses.table(study.provenance().study(), List.of(condition), domain).analyze(), largest);
  }

  private Findings study(int number) {
    return switch (number) {
      case 1, 2 -> paired;
      case 5 -> generators;
      default -> styles;
    };
  }

  private static List<Params> models(Findings study) {
    return study.runs().stream()
        .map(run -> new Params(run.nonEmbeddingParameters()))
        .distinct()
        .sorted()
        .toList();
  }

  private static Tokens budget(Findings study, boolean largest) {
    Comparator<Tokens> order = Comparator.naturalOrder();
    return study.runs().stream()
        .map(run -> run.key().budget())
        .max(largest ? order : order.reversed())
        .orElseThrow();
  }

  private static Params primary(Findings study) {
    Tokens budget = budget(study, true);
    List<RunResult> runs =
        study.runs().stream().filter(run -> run.key().budget().equals(budget)).toList();
    return models(study).stream()
        .filter(
            model ->
                runs.stream()
                        .filter(run -> run.nonEmbeddingParameters() == model.count())
                        .map(run -> run.key().mixture())
                        .distinct()
                        .count()
                    == study.provenance().mixtures().size())
        .max(Comparator.naturalOrder())
        .orElse(models(study).get(0));
  }

  private Finding at(int number, Params model) {
    List<Check> checks = checks(number, model);
    Check first = checks.get(0);
    return new Finding(
        number,
        STATEMENTS.get(number - 1),
        Verdict.of(checks),
        first.estimate(),
        first.low(),
        first.high(),
        scale(number, model),
        checks);
  }

  private List<Check> checks(int number, Params model) {
    ReferenceChecks pairs = checks(paired, model);
    ReferenceChecks kinds = checks(styles, model);
    ReferenceChecks writers = checks(generators, model);
    return switch (number) {
      case 1 -> List.of(pairs.noGain(REPHRASED, HUMAN));
      case 2 -> List.of(pairs.speedup(THIRD, HUMAN), pairs.floor(THIRD, HUMAN));
      case 3 ->
          List.of(
              kinds.worse(TEXTBOOKS, NATURAL),
              kinds.domains(TEXTBOOKS, NATURAL),
              kinds.narrows(TEXTBOOKS, NATURAL));
      case 4 ->
          List.of(
              pairs.share("rephrased", pairs.large(), ReferenceFindings::aboutOneThird),
              kinds.share(
                  "textbooks", kinds.small(), i -> Verdict.when(i.high() <= 0.1, i.low() > 0.1)),
              kinds.moves("textbooks", true),
              kinds.moves("questions", false));
      case 5 ->
          List.of(
              writers.noGain("a-GPT-4o-33", "a-GPT-3-Turbo-33"),
              writers.noGain("b-GPT-4o-33", "b-Llama-3-70B-33"));
      case 6 ->
          List.of(
              kinds.collapse(TEXTBOOKS, NATURAL, true, FILTERED),
              pairs.collapse(THIRD, HUMAN, false, FILTERED_HUMAN),
              pairs.collapse(REPHRASED, HUMAN, false, FILTERED_HUMAN));
      default -> List.of(kinds.coverage(), pairs.coverage());
    };
  }

  private static Verdict aboutOneThird(Interval best) {
    return Verdict.when(
        best.low() >= 0.1 && best.high() <= 0.67 && best.contains(0.33), !best.contains(0.33));
  }

  private String scale(int number, Params model) {
    return "%s parameters, %s tokens".formatted(model, budget(study(number), true));
  }
}
