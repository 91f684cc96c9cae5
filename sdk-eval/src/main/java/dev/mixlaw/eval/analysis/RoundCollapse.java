package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.api.results.Collapse.Outcome;
import dev.mixlaw.api.results.Estimate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Decides whether a model collapses over rounds of generation. The model of round 0 is trained on
 * natural text alone. The models of later rounds are trained on text generated in earlier rounds
 * (replace, accumulate or accumulate-subsample).
 *
 * <p>A round is worse than round 0 in a measure if its 95 % interval lies entirely on the worse
 * side of the interval of round 0. There is collapse if the last round is worse in a measure. Late
 * collapse means that the loss on real text is worse. Early collapse means that only the diversity
 * of the text is worse, because the tails of the distribution vanish before the loss changes
 * (Shumailov et al. 2024, "AI models collapse when trained on recursively generated data"; see also
 * Gerstgrasser et al. 2024, "Is Model Collapse Inevitable?").
 */
final class RoundCollapse {
  /** Largest relative increase of the loss over round 0 that permits the verdict "no collapse". */
  private static final double MARGIN = 0.02;

  private static final int FEWEST_ROUNDS = 3;

  private RoundCollapse() {}

  enum Measure {
    /** Loss of the round's model on real text, in nats per token. */
    LOSS("loss on real text", true),
    /** Share of the distinct unigrams of natural text that occur in the text of the round. */
    SUPPORT("unigram support", false),
    /** Probability of the rare unigrams of natural text in the text of the round. */
    TAIL_MASS("tail mass", false);

    private final String text;
    private final boolean higherIsWorse;

    Measure(String text, boolean higherIsWorse) {
      this.text = text;
      this.higherIsWorse = higherIsWorse;
    }

    /**
     * Returns the gap between two intervals, which is positive if {@code now} is entirely worse.
     */
    private double beyond(Estimate now, Estimate reference) {
      return higherIsWorse
          ? now.interval().low() - reference.interval().high()
          : reference.interval().low() - now.interval().high();
    }
  }

  record Round(int number, Map<Measure, Estimate> measures) {
    Round {
      EnumMap<Measure, Estimate> copy = new EnumMap<>(Measure.class);
      copy.putAll(measures);
      measures = Collections.unmodifiableMap(copy);
    }
  }

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

  private static String reference(Estimate estimate) {
    return estimate.interval().low() == estimate.interval().high()
        ? Texts.format("%.4g", estimate.value())
        : estimate.toString();
  }
}
