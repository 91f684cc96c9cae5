package dev.mixlaw.eval.report;

import dev.mixlaw.api.results.Findings;
import dev.mixlaw.api.results.MeanLoss;
import dev.mixlaw.api.units.Tokens;
import dev.mixlaw.eval.stats.NoiseEstimate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The standard deviation of the macro-average loss over seeds at each budget, pooled over mixtures
 * and models. Each value is measured, whereas intervals use a smooth function of model size and
 * budget.
 *
 * @param byBudget standard deviation at each budget at which some mixture has two seeds
 */
record SeedSpread(Map<Tokens, Double> byBudget, Set<String> mixtures) {
  private record Point(String mixture, String model) {}

  static SeedSpread of(Findings findings) {
    Map<Tokens, Map<Point, List<Double>>> losses = new TreeMap<>();
    for (MeanLoss mean : findings.means()) {
      losses
          .computeIfAbsent(mean.key().budget(), b -> new LinkedHashMap<>())
          .computeIfAbsent(
              new Point(mean.key().mixture(), mean.key().model()), p -> new ArrayList<>())
          .add(mean.macro().get(findings.metric()).value());
    }
    Map<Tokens, Double> spreads = new TreeMap<>();
    Set<String> repeated = new LinkedHashSet<>();
    losses.forEach(
        (budget, points) -> {
          points.forEach(
              (point, seeds) -> {
                if (seeds.size() > 1) {
                  repeated.add(point.mixture());
                }
              });
          NoiseEstimate.pooled(
                  points.values().stream()
                      .map(seeds -> seeds.stream().mapToDouble(x -> x).toArray())
                      .toList())
              .ifPresent(noise -> spreads.put(budget, noise.standardDeviation()));
        });
    return new SeedSpread(spreads, repeated);
  }

  /** Describes the seed noise in a few sentences. Returns empty if no mixture has two seeds. */
  Optional<String> sentence(String unit) {
    if (byBudget.isEmpty()) {
      return Optional.empty();
    }
    List<Map.Entry<Tokens, Double>> all = List.copyOf(byBudget.entrySet());
    List<Map.Entry<Tokens, Double>> ends =
        all.size() == 1 ? all : List.of(all.get(0), all.get(all.size() - 1));
    String deviations =
        ends.stream()
            .map(e -> Numbers.short3(e.getValue()) + " at " + e.getKey() + " tokens")
            .collect(Collectors.joining(" and "));
    return Optional.of(
        Numbers.text(
            "Seed noise: runs of %s that differ only in seed have a standard deviation of %s (%s)."
                + " All intervals include this noise, as a function of model size and budget. More"
                + " seeds are needed to detect differences that are much smaller than this noise.",
            String.join(", ", mixtures), deviations, unit));
  }
}
