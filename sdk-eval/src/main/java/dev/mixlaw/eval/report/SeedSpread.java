package dev.mixlaw.eval.report;

import dev.mixlaw.api.results.Findings;
import dev.mixlaw.api.results.MeanLoss;
import dev.mixlaw.api.units.Tokens;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * How far runs that differ in their seed alone were measured apart, by budget: standard deviation
 * of the mean of all domains, in nats per token, pooled over mixtures and models.
 *
 * <p>As measured; what intervals take it for changes smoothly with model and budget.
 *
 * @param byBudget without budgets at which no mixture has two seeds
 * @param mixtures that have several seeds
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
          .add(mean.macroNatsPerToken().value());
    }
    Map<Tokens, Double> spreads = new TreeMap<>();
    Set<String> several = new LinkedHashSet<>();
    losses.forEach(
        (budget, points) -> {
          double squares = 0;
          int surplus = 0;
          for (Map.Entry<Point, List<Double>> e : points.entrySet()) {
            List<Double> seeds = e.getValue();
            double mean = seeds.stream().mapToDouble(x -> x).average().orElseThrow();
            squares += seeds.stream().mapToDouble(x -> (x - mean) * (x - mean)).sum();
            surplus += seeds.size() - 1;
            if (seeds.size() > 1) {
              several.add(e.getKey().mixture());
            }
          }
          if (surplus > 0) {
            spreads.put(budget, Math.sqrt(squares / surplus));
          }
        });
    return new SeedSpread(spreads, several);
  }

  /** In a sentence or two; empty if no mixture has two seeds. */
  Optional<String> said(String unit) {
    if (byBudget.isEmpty()) {
      return Optional.empty();
    }
    List<String> places = new ArrayList<>();
    List<Map.Entry<Tokens, Double>> all = List.copyOf(byBudget.entrySet());
    for (Map.Entry<Tokens, Double> e :
        all.size() == 1 ? all : List.of(all.get(0), all.get(all.size() - 1))) {
      places.add(Numbers.short3(e.getValue()) + " at " + e.getKey() + " tokens");
    }
    return Optional.of(
        "Luck of the seed: runs of "
            + String.join(", ", mixtures)
            + " that differ in nothing else lie about "
            + String.join(" and ", places)
            + " apart ("
            + unit
            + ", standard deviation). Every range holds as much for each run, by the size of model"
            + " and budget; a difference much smaller than that needs more seeds.");
  }
}
