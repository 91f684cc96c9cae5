package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.results.CollapseVerdict;
import dev.mixlaw.api.results.CollapseVerdict.Outcome;
import dev.mixlaw.api.results.Estimate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Judges collapse over rounds of generation. The model of each round is trained on text generated
 * in earlier rounds (replace, accumulate or accumulate-subsample), and the model of round 0 on
 * natural text alone.
 *
 * <p>A round is worse in a measure if the 95 % interval of this measure lies entirely on the worse
 * side of the interval of round 0. The verdict is collapse if the last round is worse in a measure.
 * It is late collapse if the loss on real text is worse, and early collapse if only the diversity
 * of the text is worse. Early collapse comes first: the tails of the distribution vanish while the
 * loss is unchanged (Shumailov et al. 2024, "AI models collapse when trained on recursively
 * generated data"; see also Gerstgrasser et al. 2024, "Is Model Collapse Inevitable?").
 */
final class RoundCollapse {
  /** "No collapse" requires that the loss is less than 2 % above that of round 0. */
  private static final double MARGIN = 0.02;

  private static final int FEWEST_ROUNDS = 3;

  private RoundCollapse() {}

  /** Measures of a round that enter the verdict. */
  enum Measure {
    /** Loss of the model of the round on real text, in nats per token. */
    LOSS("loss on real text", true),
    /** Share of the unigram types of natural text that still occur in the round's text. */
    SUPPORT("unigram support", false),
    /** Probability of the rare unigrams of natural text in the round's text. */
    TAIL_MASS("tail mass", false);

    private final String text;
    private final boolean higherIsWorse;

    Measure(String text, boolean higherIsWorse) {
      this.text = text;
      this.higherIsWorse = higherIsWorse;
    }

    /**
     * Returns the distance between the intervals, which is above 0 if {@code now} is entirely
     * worse.
     */
    private double beyond(Estimate now, Estimate reference) {
      return higherIsWorse
          ? now.interval().low() - reference.interval().high()
          : reference.interval().low() - now.interval().high();
    }
  }

  /**
   * The measured values of one round.
   *
   * @param number number of the round; 0 for natural text alone
   */
  record Round(int number, Map<Measure, Estimate> measures) {
    Round {
      EnumMap<Measure, Estimate> copy = new EnumMap<>(Measure.class);
      copy.putAll(measures);
      measures = Collections.unmodifiableMap(copy);
    }
  }

  /**
   * Returns the verdict.
   *
   * @param rounds the rounds in any order
   * @throws IllegalArgumentException if there is no round 0 or a round is given twice
   */
  static CollapseVerdict judge(List<Round> rounds) {
    List<Round> ordered = rounds.stream().sorted(Comparator.comparingInt(Round::number)).toList();
    if (ordered.isEmpty() || ordered.get(0).number() != 0) {
      throw new IllegalArgumentException("round 0 (natural text alone) is missing");
    }
    if (ordered.stream().mapToInt(Round::number).distinct().count() < ordered.size()) {
      throw new IllegalArgumentException(
          "two rounds have the same number; expected each number once");
    }
    if (ordered.size() < FEWEST_ROUNDS) {
      return CollapseVerdict.of(
          Outcome.NOT_DECIDABLE,
          Texts.format(
              "%s rounds are too few to show a trend; at least %s are needed",
              ordered.size(), FEWEST_ROUNDS));
    }
    Round last = ordered.get(ordered.size() - 1);
    List<Measure> worse = violated(last, ordered.get(0));
    if (!worse.isEmpty()) {
      return new CollapseVerdict(
          Outcome.COLLAPSE, reason(worse, last, ordered.get(0)), first(ordered, worse));
    }
    return withoutViolation(last, ordered.get(0));
  }

  private static List<Measure> violated(Round round, Round reference) {
    List<Measure> worse = new ArrayList<>();
    reference
        .measures()
        .forEach(
            (measure, before) -> {
              Estimate now = round.measures().get(measure);
              if (now != null && measure.beyond(now, before) > 0) {
                worse.add(measure);
              }
            });
    return worse;
  }

  private static String reason(List<Measure> worse, Round last, Round reference) {
    List<String> parts = new ArrayList<>();
    for (Measure m : worse) {
      parts.add(
          Texts.format(
              "%s is %s, compared with %s",
              m.text, last.measures().get(m), reference(reference.measures().get(m))));
    }
    String kind =
        worse.contains(Measure.LOSS)
            ? "late collapse"
            : "early collapse (the diversity of the text falls before the loss rises)";
    return kind + ": in round " + last.number() + ", " + String.join("; ", parts);
  }

  private static Optional<String> first(List<Round> ordered, List<Measure> worse) {
    return ordered.stream()
        .flatMap(
            round ->
                violated(round, ordered.get(0)).stream()
                    .filter(worse::contains)
                    .map(m -> "round " + round.number() + " (" + m.text + ")"))
        .findFirst();
  }

  private static CollapseVerdict withoutViolation(Round last, Round reference) {
    Estimate now = last.measures().get(Measure.LOSS);
    Estimate before = reference.measures().get(Measure.LOSS);
    if (now == null || before == null) {
      return CollapseVerdict.of(
          Outcome.NOT_DECIDABLE,
          "the loss on real text was not measured in both the first and the last round");
    }
    double most = now.interval().high() / before.value() - 1;
    String figures =
        Texts.format(
            "the loss on real text is %s in round %d, compared with %s: at most %.2g %% higher",
            now, last.number(), reference(before), 100 * Math.max(0, most));
    return CollapseVerdict.of(most < MARGIN ? Outcome.NO_COLLAPSE : Outcome.NOT_DECIDABLE, figures);
  }

  /** Formats the reference value, without an interval if comparisons are paired. */
  private static String reference(Estimate estimate) {
    return estimate.interval().low() == estimate.interval().high()
        ? Texts.format("%.4g", estimate.value())
        : estimate.toString();
  }
}
