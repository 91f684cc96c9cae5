package dev.mixlaw.samples;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.BestShare;
import dev.mixlaw.api.results.Collapse;
import dev.mixlaw.api.results.Comparison;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.Findings;
import dev.mixlaw.api.results.FittedLaw;
import dev.mixlaw.api.results.Interval;
import dev.mixlaw.api.results.Question;
import dev.mixlaw.api.results.Refusal;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.results.Speedup;
import dev.mixlaw.api.spi.Analyst;
import dev.mixlaw.api.units.Params;
import dev.mixlaw.api.units.Tokens;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Decides the findings of Kang et al. (2025) from losses, by the rules in {@code
 * samples/reference/plan.md}.
 */
final class ReferenceFindings {
  /** Largest difference in nats per token that counts as equivalent. */
  private static final double MARGIN = 0.05;

  private static final double SPEED_UP = 5;

  /** Rank correlation at which a statistic explains half of the variance of the ranks. */
  private static final double EXPLAINS = 0.7;

  private static final double SURE = 0.95;

  private static final List<String> STATEMENTS =
      List.of(
          "Rephrased text alone is no faster",
          "One third rephrased is 5 to 10 times faster",
          "Textbooks alone are worse, most at small budgets",
          "The best share depends on size",
          "A stronger generator does not help",
          "Only textbooks cause a collapse",
          "Word coverage does not explain the ranking");

  /** The outcome of a check or finding. */
  enum Verdict {
    SUPPORTED,
    CONTRADICTED,
    EQUIVALENT,
    UNDECIDED;

    @JsonValue
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** Combines the verdicts of checks to that of a finding. */
    static Verdict of(List<Check> checks) {
      List<Verdict> all = checks.stream().map(Check::verdict).toList();
      for (Verdict verdict : List.of(CONTRADICTED, UNDECIDED, EQUIVALENT)) {
        if (all.contains(verdict)) {
          return verdict;
        }
      }
      return SUPPORTED;
    }

    /** Decides whether a quantity is above a threshold. */
    static Verdict above(double threshold, Interval interval) {
      return interval.low() > threshold
          ? SUPPORTED
          : interval.high() < threshold ? CONTRADICTED : UNDECIDED;
    }
  }

  /**
   * One part of a finding.
   *
   * @param estimate what was measured; null if it could not be measured
   * @param low lower bound of the 95 % interval; null if there is none
   * @param high upper bound of the 95 % interval; null if there is none
   * @param brief the measurement in a few words
   * @param measured the measurement in words, or why there is none
   */
  record Check(
      Verdict verdict,
      @Nullable Double estimate,
      @Nullable Double low,
      @Nullable Double high,
      String brief,
      String measured) {
    static Check of(Verdict verdict, Estimate e, String brief, String measured) {
      return new Check(
          verdict,
          finite(e.value()),
          finite(e.interval().low()),
          finite(e.interval().high()),
          brief,
          measured);
    }

    static Check unknown(String what, Refusal refusal) {
      String reason = what + " not measured (" + refusal.reason() + ")";
      return new Check(Verdict.UNDECIDED, null, null, null, "not measured", reason);
    }

    private static @Nullable Double finite(double value) {
      return Double.isFinite(value) ? value : null;
    }
  }

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
  private final Findings stylesByDomain;
  private final Findings generators;

  ReferenceFindings(ReferenceLosses losses) {
    this.losses = losses;
    paired = losses.findings(ReferenceDesign.PAIRED);
    styles = losses.findings(ReferenceDesign.STYLES);
    stylesByDomain = losses.findings(ReferenceDesign.STYLES, losses.naturalDomains());
    generators = losses.findings(ReferenceDesign.GENERATORS);
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
    return Stream.of(paired, styles)
        .flatMap(study -> ReferencePredictions.of(study).stream())
        .toList();
  }

  /** Returns the size of the smallest model. */
  Params smallest() {
    return models(paired).get(0);
  }

  /** Returns the size of the largest model. */
  Params largest() {
    return models(paired).get(models(paired).size() - 1);
  }

  /** Returns the studies, each analyzed by its mean loss over the natural domains. */
  List<Findings> studies() {
    return List.of(paired, styles, generators);
  }

  /**
   * Returns measurements that test likely reasons for a finding: the quality of natural text, the
   * style of the domains, and the learning rate.
   */
  List<Check> reasons() {
    Params model = primary(paired);
    Tokens large = budget(paired, true);
    List<Check> reasons = new ArrayList<>();
    reasons.add(worse(paired, "rephrased-33", "filtered-human-33", model, large));
    reasons.add(worse(styles, "filtered-100", "natural", model, large));
    reasons.add(
        on("pairs_rephrased", ReferenceDesign.PAIRED, "rephrased-100", "human", model, large));
    reasons.add(
        on("textbook_llama31", ReferenceDesign.STYLES, "textbooks-100", "natural", model, large));
    for (String rate : List.of("-rate-0.33", "-rate-3.00")) {
      String pairs = ReferenceDesign.PAIRED + rate;
      String kinds = ReferenceDesign.STYLES + rate;
      if (losses.studies().keySet().containsAll(List.of(pairs, kinds))) {
        reasons.add(rate(pairs, "rephrased-33", "human", large));
        reasons.add(rate(pairs, "rephrased-100", "human", large));
        reasons.add(rate(kinds, "textbooks-100", "natural", large));
      }
    }
    return reasons;
  }

  private Check on(
      String domain, String study, String mixture, String other, Params model, Tokens budget) {
    return named(
        "on " + domain, worse(losses.findings(study, domain), mixture, other, model, budget));
  }

  private Check rate(String study, String mixture, String other, Tokens budget) {
    Findings findings = losses.findings(study);
    return named("in " + study, worse(findings, mixture, other, primary(findings), budget));
  }

  private static Check named(String where, Check check) {
    return new Check(
        check.verdict(),
        check.estimate(),
        check.low(),
        check.high(),
        check.brief(),
        where + ": " + check.measured());
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
        .sorted(Comparator.comparingLong(Params::count))
        .toList();
  }

  private static Tokens budget(Findings study, boolean largest) {
    Comparator<Tokens> order = Comparator.comparingLong(Tokens::count);
    return study.runs().stream()
        .map(run -> run.key().budget())
        .max(largest ? order : order.reversed())
        .orElseThrow();
  }

  private static Params primary(Findings study) {
    List<Params> complete =
        models(study).stream()
            .filter(
                model ->
                    study.runs().stream()
                            .filter(run -> run.nonEmbeddingParameters() == model.count())
                            .filter(run -> run.key().budget().equals(budget(study, true)))
                            .map(run -> run.key().mixture())
                            .distinct()
                            .count()
                        == study.provenance().mixtures().size())
            .toList();
    return complete.isEmpty() ? models(study).get(0) : complete.get(complete.size() - 1);
  }

  private Finding at(int number, Params model) {
    Tokens large = budget(study(number), true);
    Tokens small = budget(study(number), false);
    List<Check> checks =
        switch (number) {
          case 1 -> List.of(noGain(paired, "rephrased-100", "human", model, large));
          case 2 ->
              List.of(
                  speedup(paired, "rephrased-33", "human", model, large),
                  floor(paired, "rephrased-33", "human", model, false));
          case 3 ->
              List.of(
                  worse(styles, "textbooks-100", "natural", model, large),
                  domains("textbooks-100", model, large),
                  narrows(styles, "textbooks-100", "natural", model, small, large));
          case 4 -> shares(model, small, large);
          case 5 ->
              List.of(
                  noGain(generators, "a-GPT-4o-33", "a-GPT-3-Turbo-33", model, large),
                  noGain(generators, "b-GPT-4o-33", "b-Llama-3-70B-33", model, large));
          case 6 ->
              List.of(
                  collapse(styles, "textbooks-100", "natural", model, true),
                  collapse(paired, "rephrased-33", "human", model, false),
                  collapse(paired, "rephrased-100", "human", model, false));
          default -> List.of(coverage(styles, model, large), coverage(paired, model, large));
        };
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

  private String scale(int number, Params model) {
    return "%s parameters, %s tokens".formatted(model, budget(study(number), true));
  }

  private static Answer<Comparison> compare(
      Findings study, String mixture, String other, Params model, Tokens budget) {
    return study.compare(Question.compare(mixture).with(other).at(model.toString(), budget));
  }

  private static String difference(String mixture, String other, Tokens budget, Comparison c) {
    return "loss of %s minus %s at %s tokens %s%s"
        .formatted(
            mixture,
            other,
            budget,
            signed(c.difference()),
            c.difference().interval().contains(0)
                ? String.format(Locale.ROOT, ", %.2f would be detected", c.detectable())
                : "");
  }

  private static String brief(String what, Estimate e) {
    return what + " " + signed(e);
  }

  private static String signed(Estimate e) {
    return text(e, v -> String.format(Locale.ROOT, "%+.2f", v));
  }

  private static String text(Estimate e, DoubleFunction<String> number) {
    return "%s; %s to %s"
        .formatted(
            number.apply(e.value()),
            number.apply(e.interval().low()),
            number.apply(e.interval().high()));
  }

  /** Checks that a mixture has a higher loss than another one. */
  private static Check worse(
      Findings study, String mixture, String other, Params model, Tokens budget) {
    return difference(study, mixture, other, model, budget, false);
  }

  /** Checks that a mixture has a higher or an equivalent loss, compared with another one. */
  private static Check noGain(
      Findings study, String mixture, String other, Params model, Tokens budget) {
    return difference(study, mixture, other, model, budget, true);
  }

  private static Check difference(
      Findings study,
      String mixture,
      String other,
      Params model,
      Tokens budget,
      boolean orEquivalent) {
    return compare(study, mixture, other, model, budget)
        .fold(
            (c, warnings) -> {
              Verdict verdict = Verdict.above(0, c.difference().interval());
              boolean equivalent =
                  orEquivalent && verdict == Verdict.UNDECIDED && c.equivalentWithin(MARGIN);
              return Check.of(
                  equivalent ? Verdict.EQUIVALENT : verdict,
                  c.difference(),
                  brief("loss", c.difference()),
                  difference(mixture, other, budget, c));
            },
            refusal -> Check.unknown("loss of " + mixture, refusal));
  }

  private static Check speedup(
      Findings study, String mixture, String other, Params model, Tokens budget) {
    return study
        .speedup(mixture)
        .over(other)
        .at(model, budget)
        .flatMap(s -> s.measured().isKnown() ? s.measured() : s.fitted())
        .fold(
            (ratio, warnings) -> speedup(mixture, ratio),
            refusal -> Check.unknown("speed-up of " + mixture, refusal));
  }

  private static Check speedup(String mixture, Speedup.Ratio ratio) {
    String what = "speed-up of " + mixture + " ";
    if (ratio.times().isEmpty()) {
      Verdict verdict = ratio.never() >= SURE ? Verdict.CONTRADICTED : Verdict.UNDECIDED;
      return new Check(verdict, 0.0, 0.0, null, what + ratio, what + ratio);
    }
    Estimate times = ratio.times().get();
    String brief = text(times, v -> String.format(Locale.ROOT, "%.2f×", v));
    return Check.of(Verdict.above(SPEED_UP, times.interval()), times, brief, what + brief);
  }

  /** Checks that the floor E of a law over tokens is higher, or lower, than that of another one. */
  private static Check floor(
      Findings study, String mixture, String other, Params model, boolean higher) {
    Optional<Estimate> one = floor(study, mixture, model);
    Optional<Estimate> two = floor(study, other, model);
    String what = "floor of %s minus %s".formatted(mixture, other);
    if (one.isEmpty() || two.isEmpty()) {
      return Check.unknown(what, new Refusal(what, "a law could not be fitted", "train more runs"));
    }
    Estimate difference = minus(one.get(), two.get());
    Verdict verdict = Verdict.above(0, higher ? difference.interval() : negated(difference));
    return Check.of(verdict, difference, brief("floor", difference), brief(what, difference));
  }

  private static Optional<Estimate> floor(Findings study, String mixture, Params model) {
    return study.laws().stream()
        .filter(law -> law.form().equals("data") && law.domain().equals(FittedLaw.MACRO))
        .filter(law -> law.mixture().equals(mixture))
        .filter(law -> law.model().equals(Optional.of(model.toString())))
        .findFirst()
        .map(law -> law.parameters().get("E"));
  }

  /** Subtracts independent estimates. The distances to their bounds are added in quadrature. */
  static Estimate minus(Estimate a, Estimate b) {
    double value = a.value() - b.value();
    return Estimate.of(
        value,
        value - Math.hypot(a.value() - a.interval().low(), b.interval().high() - b.value()),
        value + Math.hypot(a.interval().high() - a.value(), b.value() - b.interval().low()));
  }

  private static Interval negated(Estimate e) {
    return new Interval(-e.interval().high(), -e.interval().low());
  }

  private Check domains(String mixture, Params model, Tokens budget) {
    List<Comparison> all =
        stylesByDomain.comparisons().stream()
            .filter(c -> c.mixture().equals(mixture) && c.model().equals(model.toString()))
            .filter(c -> c.budget().equals(budget) && !c.domain().equals(FittedLaw.MACRO))
            .toList();
    long higher = all.stream().filter(c -> c.significant() && c.difference().value() > 0).count();
    long lower = all.stream().filter(c -> c.significant() && c.difference().value() < 0).count();
    double n = Math.max(1, all.size());
    Estimate fraction = Estimate.of(higher / n, higher / n, 1 - lower / n);
    return Check.of(
        Verdict.above(0.5, fraction.interval()),
        fraction,
        "worse on %s of %s domains".formatted(higher, all.size()),
        "higher on %s and lower on %s of %s domains".formatted(higher, lower, all.size()));
  }

  private static Check narrows(
      Findings study, String mixture, String other, Params model, Tokens small, Tokens large) {
    return compare(study, mixture, other, model, small)
        .flatMap(
            atSmall ->
                compare(study, mixture, other, model, large)
                    .map(
                        atLarge ->
                            narrows(atSmall.difference(), atLarge.difference(), small, large)))
        .fold((check, warnings) -> check, refusal -> Check.unknown("loss of " + mixture, refusal));
  }

  private static Check narrows(Estimate atSmall, Estimate atLarge, Tokens small, Tokens large) {
    Estimate change = minus(atSmall, atLarge);
    return Check.of(
        Verdict.above(0, change.interval()),
        change,
        String.format(
            Locale.ROOT,
            "loss %+.2f at %s, %+.2f at %s",
            atSmall.value(),
            small,
            atLarge.value(),
            large),
        "difference at %s minus difference at %s tokens %s"
            .formatted(small, large, signed(change)));
  }

  private List<Check> shares(Params model, Tokens small, Tokens large) {
    return List.of(
        share(
            paired,
            "rephrased",
            model,
            large,
            best ->
                best.low() > 0.33 || best.high() < 0.33
                    ? Verdict.CONTRADICTED
                    : best.low() >= 0.1 && best.high() <= 0.67
                        ? Verdict.SUPPORTED
                        : Verdict.UNDECIDED),
        share(
            styles,
            "textbooks",
            model,
            small,
            best ->
                best.high() <= 0.1
                    ? Verdict.SUPPORTED
                    : best.low() > 0.1 ? Verdict.CONTRADICTED : Verdict.UNDECIDED),
        moves("textbooks", model, small, large, true),
        moves("questions", model, small, large, false));
  }

  private static Check share(
      Findings study,
      String corpus,
      Params model,
      Tokens budget,
      Function<Interval, Verdict> rule) {
    return study
        .bestShare(corpus)
        .at(model, budget)
        .fold(
            (best, warnings) ->
                Check.of(
                    rule.apply(best.asGood()),
                    new Estimate(best.share(), best.asGood()),
                    corpus + " " + text(best),
                    "best share of %s at %s tokens %s".formatted(corpus, budget, text(best))),
            refusal -> Check.unknown("best share of " + corpus, refusal));
  }

  private static String text(BestShare best) {
    return text(
        new Estimate(best.share(), best.asGood()),
        v -> String.format(Locale.ROOT, "%.0f %%", 100 * v));
  }

  private Check moves(String corpus, Params model, Tokens small, Tokens large, boolean up) {
    return styles
        .bestShare(corpus)
        .at(model, small)
        .flatMap(
            before ->
                styles
                    .bestShare(corpus)
                    .at(model, large)
                    .map(
                        after -> {
                          Estimate change =
                              Estimate.of(
                                  after.share() - before.share(),
                                  after.asGood().low() - before.asGood().high(),
                                  after.asGood().high() - before.asGood().low());
                          return Check.of(
                              Verdict.above(0, up ? change.interval() : negated(change)),
                              change,
                              "%s %s, then %s".formatted(corpus, text(before), text(after)),
                              "best share of %s from %s at %s to %s at %s tokens"
                                  .formatted(corpus, text(before), small, text(after), large));
                        }))
        .fold((check, warnings) -> check, r -> Check.unknown("best share of " + corpus, r));
  }

  private static Check collapse(
      Findings study, String mixture, String other, Params model, boolean expected) {
    Optional<Collapse> tested =
        study.collapses().stream()
            .filter(c -> c.mixture().equals(mixture) && c.model().equals(model.toString()))
            .findFirst();
    Collapse.Outcome outcome = tested.map(Collapse::outcome).orElse(Collapse.Outcome.NOT_DECIDABLE);
    boolean found =
        outcome == Collapse.Outcome.COLLAPSE || outcome == Collapse.Outcome.HIGHER_FLOOR;
    Verdict verdict =
        outcome == Collapse.Outcome.NOT_DECIDABLE
            ? Verdict.UNDECIDED
            : found == expected ? Verdict.SUPPORTED : Verdict.CONTRADICTED;
    Check floor = floor(study, mixture, other, model, true);
    return new Check(
        verdict,
        floor.estimate(),
        floor.low(),
        floor.high(),
        mixture + " " + outcome.name().toLowerCase(Locale.ROOT).replace('_', ' '),
        tested.map(c -> mixture + ": " + c.summary()).orElse(floor.measured()));
  }

  private Check coverage(Findings study, Params model, Tokens budget) {
    List<RunResult> runs =
        study.runs().stream().filter(r -> r.nonEmbeddingParameters() == model.count()).toList();
    String name = study.provenance().study();
    return ServiceLoader.load(Analyst.class)
        .findFirst()
        .orElseThrow()
        .analyze(study.provenance().withWords(losses.words(name, budget)), runs)
        .wordCorrelations()
        .stream()
        .filter(c -> c.measure().equals("coverage_tokens") && c.domain().equals(FittedLaw.MACRO))
        .findFirst()
        .map(c -> c.rho())
        .orElseGet(() -> Answer.refused("coverage", "no word statistics", "add words.csv"))
        .fold(
            (rho, warnings) ->
                Check.of(
                    Verdict.above(-EXPLAINS, rho.interval()),
                    rho,
                    brief("rank correlation", rho),
                    brief("rank correlation of coverage and loss in " + name, rho)),
            refusal -> Check.unknown("rank correlation of coverage and loss", refusal));
  }
}
