package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.Mixture;
import dev.mixlaw.api.Study;
import dev.mixlaw.api.internal.SeedNoisePrior;
import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.api.units.Tokens;
import dev.mixlaw.eval.stats.Contrast;
import dev.mixlaw.eval.stats.NoiseEstimate;
import java.util.ArrayList;
import java.util.List;

/** Computes, before a study runs, which differences its comparisons can detect. */
final class PlannedPower {
  private PlannedPower() {}

  /**
   * Returns a note with the detectable difference for each distinct number of seeds, if any mixture
   * has a second seed. Returns no notes if only selected runs are trained ({@link Study#only}),
   * because the number of seeds can then depend on the model and budget.
   */
  static List<String> of(Study study) {
    int perModel = study.mixtures().stream().mapToInt(m -> study.seedsOf(m) - 1).sum();
    if (perModel == 0
        || study.mixtures().size() < 2
        || study.budgets().isEmpty()
        || !study.chosenRuns().isEmpty()) {
      return List.of();
    }
    double degrees = (double) perModel * study.models().size();
    Mixture baseline = study.baselineMixture().orElseThrow();
    List<String> notes = new ArrayList<>();
    study.mixtures().stream()
        .filter(m -> !m.equals(baseline))
        .mapToInt(study::seedsOf)
        .distinct()
        .sorted()
        .forEach(
            seeds -> {
              double runs = Math.sqrt(1.0 / seeds + 1.0 / study.seedsOf(baseline));
              List<String> byBudget =
                  study.budgets().stream()
                      .map(b -> Texts.number(detectable(b, degrees, runs)) + " at " + b)
                      .toList();
              notes.add(
                  Texts.format(
                      "a comparison of a mixture with %s seed%s and the baseline with %s detects, with 80 %% power, differences (in nats) of %s tokens (assuming the seed noise of earlier studies and %s degrees of freedom; four times as many seeds, or four times as many tokens, would halve these differences)",
                      seeds,
                      seeds == 1 ? "" : "s",
                      study.seedsOf(baseline),
                      String.join(", ", byBudget),
                      Texts.number(degrees)));
            });
    return notes;
  }

  private static double detectable(Tokens budget, double degreesOfFreedom, double runs) {
    return new Contrast(
            0, new NoiseEstimate(SeedNoisePrior.nats(budget.count()), degreesOfFreedom).times(runs))
        .detectable();
  }
}
