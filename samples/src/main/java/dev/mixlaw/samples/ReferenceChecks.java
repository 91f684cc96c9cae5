package dev.mixlaw.samples;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.Collapse;
import dev.mixlaw.api.results.Comparison;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.Findings;
import dev.mixlaw.api.results.FittedLaw;
import dev.mixlaw.api.results.Interval;
import dev.mixlaw.api.results.Question;
import dev.mixlaw.api.results.Speedup;
import dev.mixlaw.api.results.WordCorrelation;
import dev.mixlaw.api.units.Params;
import dev.mixlaw.api.units.Tokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.DoubleFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The kinds of checks in {@code samples/reference/plan.md}, made in one study with one model.
 *
 * @param small smallest budget of the study
 * @param large largest budget of the study
 */
record ReferenceChecks(
    ReferenceLosses losses, Findings study, Params model, Tokens small, Tokens large) {
  /** Largest difference in nats per token that counts as equivalent. */
  private static final double MARGIN = 0.05;

  private static final double SPEED_UP = 5;

  /** Rank correlation at which a statistic explains half of the variance of the ranks. */
  private static final double EXPLAINS = 0.7;

  private static final double SURE = 0.95;

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
      return List.of(CONTRADICTED, UNDECIDED, EQUIVALENT).stream()
          .filter(all::contains)
          .findFirst()
          .orElse(SUPPORTED);
    }

    /** Decides whether a quantity is above a threshold. */
    static Verdict above(double threshold, Interval interval) {
      return when(interval.low() > threshold, interval.high() < threshold);
    }

    static Verdict when(boolean supported, boolean contradicted) {
      return supported ? SUPPORTED : contradicted ? CONTRADICTED : UNDECIDED;
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
      Interval i = e.interval();
      return new Check(
          verdict, finite(e.value()), finite(i.low()), finite(i.high()), brief, measured);
    }

    private static @Nullable Double finite(double value) {
      return Double.isFinite(value) ? value : null;
    }

    static Check of(String what, Answer<Check> answer) {
      return answer.fold(
          (check, warnings) -> check,
          refusal ->
              new Check(
                  Verdict.UNDECIDED,
                  null,
                  null,
                  null,
                  "not measured",
                  what + " not measured (" + refusal.reason() + ")"));
    }

    /** Returns a copy that says where it was measured. */
    Check in(String place) {
      return new Check(verdict, estimate, low, high, brief, place + ": " + measured);
    }
  }

  /** Checks that a mixture has a higher loss than another one. */
  Check worse(String mixture, String other) {
    return difference(mixture, other, 0);
  }

  /** Checks that a mixture has a higher or an equivalent loss, compared with another one. */
  Check noGain(String mixture, String other) {
    return difference(mixture, other, MARGIN);
  }

  private Check difference(String mixture, String other, double margin) {
    return Check.of(
        "loss of " + mixture,
        compare(mixture, other, large)
            .map(
                c -> {
                  Verdict verdict = Verdict.above(0, c.difference().interval());
                  boolean equivalent = verdict == Verdict.UNDECIDED && c.equivalentWithin(margin);
                  String loss = signed(c.difference()) + onDomains(mixture, other);
                  return Check.of(
                      equivalent ? Verdict.EQUIVALENT : verdict,
                      c.difference(),
                      "loss " + loss,
                      "loss of %s minus %s at %s tokens %s%s"
                          .formatted(mixture, other, large, loss, power(c, equivalent)));
                }));
  }

  private static String power(Comparison c, boolean equivalent) {
    return equivalent
        ? Texts.format("; equivalent within %.3f", c.equivalence())
        : c.difference().interval().contains(0)
            ? Texts.format("; %.2f would be detected", c.detectable())
            : "";
  }

  /** Returns on how many natural domains the loss is higher, unless a single domain is analyzed. */
  private String onDomains(String mixture, String other) {
    if (!study.provenance().domains().get(0).name().equals(ReferenceLosses.MEAN)) {
      return "";
    }
    List<Comparison> all = byDomain(mixture, other, "params=" + model.count());
    long higher = all.stream().filter(c -> c.difference().value() > 0).count();
    return "; higher on %s of %s domains".formatted(higher, all.size());
  }

  /**
   * Compares two mixtures at the largest budget, separately on each natural domain.
   *
   * @param sizes condition for the models that are analyzed together, or none for all models
   */
  private List<Comparison> byDomain(String mixture, String other, String... sizes) {
    List<String> conditions = new ArrayList<>(List.of(sizes));
    conditions.add("mixture=" + mixture + "|" + other);
    conditions.add("tokens=" + large.count());
    return losses
        .table(study.provenance().study(), conditions, losses.naturalDomains())
        .baseline(other)
        .analyze()
        .comparisons()
        .stream()
        .filter(c -> c.model().equals(model.toString()) && !c.domain().equals(FittedLaw.MACRO))
        .toList();
  }

  private Answer<Comparison> compare(String mixture, String other, Tokens budget) {
    return study.compare(Question.compare(mixture).with(other).at(model.toString(), budget));
  }

  /** Checks on how many natural domains a mixture has a significantly higher loss. */
  Check domains(String mixture, String other) {
    List<Comparison> all = byDomain(mixture, other);
    long higher = all.stream().filter(c -> c.significant() && c.difference().value() > 0).count();
    long lower = all.stream().filter(c -> c.significant() && c.difference().value() < 0).count();
    double n = Math.max(1, all.size());
    Estimate fraction = Estimate.of(higher / n, higher / n, 1 - lower / n);
    return Check.of(
        Verdict.above(0.5, fraction.interval()),
        fraction,
        "worse on %s of %s domains".formatted(higher, all.size()),
        "significantly higher on %s and lower on %s of %s domains"
            .formatted(higher, lower, all.size()));
  }

  /** Checks that the difference between two mixtures is larger at the smallest budget. */
  Check narrows(String mixture, String other) {
    return Check.of(
        "loss of " + mixture,
        compare(mixture, other, small)
            .flatMap(
                before ->
                    compare(mixture, other, large)
                        .map(after -> narrows(before.difference(), after.difference()))));
  }

  private Check narrows(Estimate before, Estimate after) {
    Estimate change = minus(before, after);
    return Check.of(
        Verdict.above(0, change.interval()),
        change,
        Texts.format("loss %+.2f at %s, %+.2f at %s", before.value(), small, after.value(), large),
        "difference at %s minus difference at %s tokens %s"
            .formatted(small, large, signed(change)));
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

  private static String signed(Estimate e) {
    return text(e, v -> Texts.format("%+.2f", v));
  }

  /** Returns a share as a percentage with its interval. */
  static String percent(Estimate e) {
    return text(e, v -> Texts.format("%.0f %%", 100 * v));
  }

  private static String text(Estimate e, DoubleFunction<String> number) {
    return "%s; %s to %s"
        .formatted(
            number.apply(e.value()),
            number.apply(e.interval().low()),
            number.apply(e.interval().high()));
  }

  /** Checks the share of a corpus with the lowest loss, by the range of shares that are as good. */
  Check share(String corpus, Tokens budget, Function<Interval, Verdict> rule) {
    return Check.of(
        "best share of " + corpus,
        best(corpus, budget)
            .map(
                best ->
                    Check.of(
                        rule.apply(best.interval()),
                        best,
                        "%s %s at %s".formatted(corpus, percent(best), budget),
                        "best share of %s at %s tokens %s"
                            .formatted(corpus, budget, percent(best)))));
  }

  /** Checks that the best share rises, or falls, from the smallest to the largest budget. */
  Check moves(String corpus, boolean up) {
    return Check.of(
        "best share of " + corpus,
        best(corpus, small)
            .flatMap(before -> best(corpus, large).map(after -> moves(corpus, up, before, after))));
  }

  private Check moves(String corpus, boolean up, Estimate before, Estimate after) {
    Estimate change =
        Estimate.of(
            after.value() - before.value(),
            after.interval().low() - before.interval().high(),
            after.interval().high() - before.interval().low());
    return Check.of(
        Verdict.above(0, up ? change.interval() : negated(change)),
        change,
        "%s %s, then %s".formatted(corpus, percent(before), percent(after)),
        "best share of %s from %s at %s to %s at %s tokens"
            .formatted(corpus, percent(before), small, percent(after), large));
  }

  private Answer<Estimate> best(String corpus, Tokens budget) {
    return study
        .bestShare(corpus)
        .at(model, budget)
        .map(best -> new Estimate(best.share(), best.asGood()));
  }

  /** Checks that a mixture is at least five times faster than another one. */
  Check speedup(String mixture, String other) {
    return Check.of(
        "speed-up of " + mixture,
        study
            .speedup(mixture)
            .over(other)
            .at(model, large)
            .flatMap(s -> s.measured().isKnown() ? s.measured() : s.fitted())
            .map(ratio -> speedup("speed-up of " + mixture + " ", ratio)));
  }

  private static Check speedup(String what, Speedup.Ratio ratio) {
    if (ratio.times().isEmpty()) {
      Verdict verdict = Verdict.when(false, ratio.never() >= SURE);
      return new Check(verdict, 0.0, 0.0, null, what + ratio, what + ratio);
    }
    Estimate times = ratio.times().get();
    String brief = text(times, v -> Texts.format("%.2f×", v));
    return Check.of(Verdict.above(SPEED_UP, times.interval()), times, brief, what + brief);
  }

  /** Checks that the floor E of the law over tokens is lower than that of another mixture. */
  Check floor(String mixture, String other) {
    String what = "floor of %s minus %s".formatted(mixture, other);
    Answer<Estimate> difference =
        floor(mixture).flatMap(one -> floor(other).map(two -> minus(one, two)));
    return Check.of(
        what,
        difference.map(
            d ->
                Check.of(
                    Verdict.above(0, negated(d)),
                    d,
                    "floor " + signed(d),
                    what + " " + signed(d))));
  }

  private Answer<Estimate> floor(String mixture) {
    return study.laws().stream()
        .filter(law -> law.form().equals("data") && law.domain().equals(FittedLaw.MACRO))
        .filter(law -> law.mixture().equals(mixture))
        .filter(law -> law.model().equals(Optional.of(model.toString())))
        .findFirst()
        .map(law -> Answer.known(law.parameters().get("E")))
        .orElseGet(() -> Answer.refused("floor", "a law could not be fitted", "train more runs"));
  }

  /**
   * Checks whether a mixture approaches a higher floor than another one.
   *
   * @param expected whether a higher floor supports the finding
   * @param control a mixture without synthetic text, to which the same test is applied
   */
  Check collapse(String mixture, String other, boolean expected, String control) {
    Optional<Collapse> tested = collapse(mixture);
    Collapse.Outcome outcome = tested.map(Collapse::outcome).orElse(Collapse.Outcome.NOT_DECIDABLE);
    boolean found = found(outcome);
    boolean decided = outcome != Collapse.Outcome.NOT_DECIDABLE;
    Check floor = floor(mixture, other);
    String controls =
        collapse(control)
            .filter(c -> found && found(c.outcome()))
            .map(c -> "; so has " + control + ", by people")
            .orElse("");
    return new Check(
        Verdict.when(decided && found == expected, decided && found != expected),
        floor.estimate(),
        floor.low(),
        floor.high(),
        mixture + " " + outcome.name().toLowerCase(Locale.ROOT).replace('_', ' ') + controls,
        tested.map(c -> mixture + ": " + c.summary()).orElse(floor.measured()) + controls);
  }

  private static boolean found(Collapse.Outcome outcome) {
    return outcome == Collapse.Outcome.COLLAPSE || outcome == Collapse.Outcome.HIGHER_FLOOR;
  }

  private Optional<Collapse> collapse(String mixture) {
    return study.collapses().stream()
        .filter(c -> c.mixture().equals(mixture) && c.model().equals(model.toString()))
        .findFirst();
  }

  /** Checks that the coverage of words does not explain the ranking of the mixtures. */
  Check coverage() {
    String name = study.provenance().study();
    List<String> point = List.of("params=" + model.count(), "tokens=" + large.count());
    List<WordCorrelation> words =
        losses
            .table(name, point, losses.naturalDomains())
            .words(losses.words(name, large))
            .analyze()
            .wordCorrelations();
    String divergence = other(words, "divergence", "kl");
    String what = "rank correlation of coverage and loss";
    return Check.of(
        what,
        correlation(words, "coverage_tokens")
            .map(
                rho ->
                    Check.of(
                        Verdict.above(-EXPLAINS, rho.interval()),
                        rho,
                        "rank correlation " + signed(rho) + divergence,
                        "%s in %s %s%s%s"
                            .formatted(
                                what,
                                name,
                                signed(rho),
                                divergence,
                                other(words, "words seen", "seen_tokens")))));
  }

  private static String other(List<WordCorrelation> words, String name, String measure) {
    return correlation(words, measure)
        .fold((rho, warnings) -> "; of " + name + " " + signed(rho), refusal -> "");
  }

  private static Answer<Estimate> correlation(List<WordCorrelation> words, String measure) {
    return words.stream()
        .filter(c -> c.measure().equals(measure) && c.domain().equals(FittedLaw.MACRO))
        .findFirst()
        .map(WordCorrelation::rho)
        .orElseGet(() -> Answer.refused("coverage", "no word statistics", "add words.csv"));
  }
}
