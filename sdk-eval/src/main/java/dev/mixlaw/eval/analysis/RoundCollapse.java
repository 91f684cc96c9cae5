package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.results.CollapseVerdict;
import dev.mixlaw.api.results.CollapseVerdict.Outcome;
import dev.mixlaw.api.results.Estimate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Collapse over rounds of generation: each round's model is trained on text of the rounds before
 * (replace, accumulate or accumulate-subsample), round 0 on natural text alone.
 *
 * <p>A round violates a measure if its 95 % interval lies wholly on the worse side of round 0's. It
 * is a collapse if the last round violates one: of the loss on real text, late collapse; of the
 * text's diversity alone, early collapse, which comes first (Shumailov et al. 2024: tails vanish
 * while the loss still holds).
 */
final class RoundCollapse {
  /** Default margin: a loss 2 % above round 0's is not "no collapse". */
  public static final double MARGIN = 0.02;

  private static final int FEWEST_ROUNDS = 3;

  private RoundCollapse() {}

  /** What is measured in a round. */
  public enum Measure {
    /** Loss of the round's model on real text, nats per token. */
    LOSS("loss on real text", true),
    /** Types of natural text's unigrams that the round's text still has, a share. */
    SUPPORT("unigram support", false),
    /** Probability that the round's text gives to natural text's rare unigrams. */
    TAIL_MASS("tail mass", false),
    /** Entropy of unigrams, nats. */
    ENTROPY("entropy", false),
    /** Distinct n-grams over all n-grams. */
    DISTINCT("distinct n-grams", false),
    /** BLEU of documents against one another, no brevity penalty. */
    SELF_BLEU("self-BLEU", true);

    private final String words;
    private final boolean higherIsWorse;

    Measure(String words, boolean higherIsWorse) {
      this.words = words;
      this.higherIsWorse = higherIsWorse;
    }

    /** By how much the interval is beyond the reference, above 0 if wholly on the worse side. */
    private double beyond(Estimate now, Estimate reference) {
      return higherIsWorse
          ? now.interval().low() - reference.interval().high()
          : reference.interval().low() - now.interval().high();
    }
  }

  /**
   * One round.
   *
   * @param number from 0, which is natural text alone
   * @param measures those that were taken
   */
  public record Round(int number, Map<Measure, Estimate> measures) {
    public Round {
      EnumMap<Measure, Estimate> copy = new EnumMap<>(Measure.class);
      copy.putAll(measures);
      measures = java.util.Collections.unmodifiableMap(copy);
    }
  }

  /**
   * A verdict.
   *
   * @param rounds in any order
   * @throws IllegalArgumentException if there is no round 0 or a round is given twice
   */
  public static CollapseVerdict judge(List<Round> rounds) {
    List<Round> ordered = rounds.stream().sorted(Comparator.comparingInt(Round::number)).toList();
    if (ordered.isEmpty() || ordered.get(0).number() != 0) {
      throw new IllegalArgumentException("round 0, natural text alone, is missing");
    }
    if (ordered.stream().mapToInt(Round::number).distinct().count() < ordered.size()) {
      throw new IllegalArgumentException("a round is given twice");
    }
    if (ordered.size() < FEWEST_ROUNDS) {
      return new CollapseVerdict(
          Outcome.NOT_DECIDABLE,
          ordered.size() + " rounds say nothing about a course; at least " + FEWEST_ROUNDS,
          Optional.empty());
    }
    Round last = ordered.get(ordered.size() - 1);
    List<Measure> worse = violated(last, ordered.get(0));
    if (!worse.isEmpty()) {
      return new CollapseVerdict(
          Outcome.COLLAPSE, reason(worse, last, ordered.get(0)), first(ordered, worse));
    }
    return healthy(last, ordered.get(0));
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
          m.words
              + " is "
              + last.measures().get(m)
              + " against "
              + asReference(reference.measures().get(m)));
    }
    String kind =
        worse.contains(Measure.LOSS)
            ? "late collapse, "
            : "early collapse, the text's diversity is lost before the loss shows it: ";
    return kind + "in round " + last.number() + " " + String.join(", ", parts);
  }

  private static Optional<String> first(List<Round> ordered, List<Measure> worse) {
    return ordered.stream()
        .flatMap(
            round ->
                violated(round, ordered.get(0)).stream()
                    .filter(worse::contains)
                    .map(m -> "round " + round.number() + " (" + m.words + ")"))
        .findFirst();
  }

  private static CollapseVerdict healthy(Round last, Round reference) {
    Estimate now = last.measures().get(Measure.LOSS);
    Estimate before = reference.measures().get(Measure.LOSS);
    if (now == null || before == null) {
      return new CollapseVerdict(
          Outcome.NOT_DECIDABLE,
          "the loss on real text was not measured in the first and last round",
          Optional.empty());
    }
    double most = now.interval().high() / before.value() - 1;
    String figures =
        String.format(
            Locale.ROOT,
            "the loss on real text is %s in round %d against %s, at most %.2g %% above",
            now,
            last.number(),
            asReference(before),
            100 * Math.max(0, most));
    return new CollapseVerdict(
        most < MARGIN ? Outcome.NO_COLLAPSE : Outcome.NOT_DECIDABLE, figures, Optional.empty());
  }

  /** Of pairs the reference is exact: all the doubt is in what is compared with it. */
  private static String asReference(Estimate estimate) {
    return estimate.interval().low() == estimate.interval().high()
        ? String.format(Locale.ROOT, "%.4g", estimate.value())
        : estimate.toString();
  }
}
