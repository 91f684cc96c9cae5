package dev.mixlaw.eval.report;

import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.api.results.Comparison;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.Findings;
import dev.mixlaw.api.results.FittedLaw;
import dev.mixlaw.api.results.LossCurve;
import dev.mixlaw.api.results.MeanLoss;
import dev.mixlaw.api.results.Measurement;
import dev.mixlaw.api.results.Question;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.units.Params;
import dev.mixlaw.api.units.Tokens;
import dev.mixlaw.eval.stats.NoiseEstimate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** An index that looks up findings by mixture, model, budget and domain. */
final class FindingsIndex {
  private final Findings findings;
  private final List<String> mixtures;
  private final List<String> domains;
  private final Map<String, Long> models = new LinkedHashMap<>();
  private final Map<String, Tokens> largestBudgets = new HashMap<>();
  private final List<LossCurve> curves;

  record GridPoint(String model, Tokens budget) {
    @Override
    public String toString() {
      return "model " + model + ", " + budget + " tokens";
    }
  }

  FindingsIndex(Findings findings) {
    this.findings = findings;
    curves = findings.curves();
    mixtures = List.copyOf(findings.provenance().mixtures().keySet());
    domains =
        findings.runs().stream()
            .flatMap(r -> r.measurements(findings.metric()).stream())
            .map(Measurement::subject)
            .distinct()
            .toList();
    findings.runs().stream()
        .sorted(Comparator.comparingLong(RunResult::nonEmbeddingParameters))
        .forEach(r -> models.putIfAbsent(r.key().model(), r.nonEmbeddingParameters()));
    for (MeanLoss mean : findings.means()) {
      largestBudgets.merge(
          mean.key().model(), mean.key().budget(), (a, b) -> a.compareTo(b) > 0 ? a : b);
    }
  }

  Findings findings() {
    return findings;
  }

  String baseline() {
    return findings.provenance().baseline();
  }

  List<String> mixtures() {
    return mixtures;
  }

  List<String> others() {
    return mixtures.stream().filter(m -> !m.equals(baseline())).toList();
  }

  /** Returns the index of a mixture in the study, which determines its color and marker. */
  int position(String mixture) {
    return Math.max(0, mixtures.indexOf(mixture));
  }

  Map<String, Long> models() {
    return models;
  }

  List<String> largestFirst() {
    List<String> names = new ArrayList<>(models.keySet());
    Collections.reverse(names);
    return names;
  }

  List<Comparison> comparisons(String model) {
    return findings.comparisons().stream()
        .filter(c -> c.domain().equals(FittedLaw.MACRO) && c.model().equals(model))
        .toList();
  }

  Optional<String> largestModel() {
    return largestFirst().stream().findFirst();
  }

  List<String> domains() {
    return domains;
  }

  /** Returns the unit of the metric in words. If the metric has no unit, returns its name. */
  String unit() {
    return findings.metric().toString();
  }

  /**
   * Returns whether the difference of a mixture that is better is {@code above 0} or {@code below
   * 0}.
   */
  String betterSide() {
    return findings.metric().higherIsBetter() ? "above 0" : "below 0";
  }

  /**
   * Returns the display name of a domain, which is {@code mean of domains} for the macro average.
   */
  static String domainName(String domain) {
    return domain.equals(FittedLaw.MACRO) ? "mean of domains" : domain;
  }

  /** Returns the largest model that completed a run, with its largest completed budget. */
  Optional<GridPoint> largest() {
    return largestFirst().stream()
        .flatMap(m -> largestBudget(m).map(b -> new GridPoint(m, b)).stream())
        .findFirst();
  }

  /** Returns the largest budget at which a run of the model was completed. */
  Optional<Tokens> largestBudget(String model) {
    return Optional.ofNullable(largestBudgets.get(model));
  }

  boolean isAt(Params params, Tokens tokens, GridPoint point) {
    return params.count() == models.get(point.model()) && tokens.equals(point.budget());
  }

  boolean isAt(Comparison c, String domain, GridPoint at) {
    return c.domain().equals(domain)
        && c.model().equals(at.model())
        && c.budget().equals(at.budget());
  }

  Optional<Comparison> comparison(String mixture, GridPoint at, String domain) {
    return findings
        .compare(Question.compare(mixture).at(at.model(), at.budget()).on(domain))
        .toOptional();
  }

  /** Returns the loss of a mixture as a function of tokens, on a domain or the macro average. */
  Optional<LossCurve> curve(String mixture, String model, String domain) {
    return curves.stream()
        .filter(c -> c.mixture().equals(mixture) && c.model().equals(model))
        .filter(c -> c.domain().equals(domain))
        .findFirst();
  }

  Optional<Double> loss(String mixture, GridPoint at, String domain) {
    return curve(mixture, at.model(), domain)
        .map(c -> c.measured().get((double) at.budget().count()))
        .map(Estimate::value);
  }

  /**
   * The standard deviation of the macro-average loss over seeds at each budget, pooled over
   * mixtures and models. Each value is measured, whereas intervals use a smooth function of model
   * size and budget.
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
      List<Map.Entry<Tokens, Double>> all =
          byBudget.entrySet().stream().sorted(Map.Entry.comparingByValue()).toList();
      List<Map.Entry<Tokens, Double>> ends =
          all.size() == 1 ? all : List.of(all.get(0), all.get(all.size() - 1));
      String deviations =
          ends.stream()
              .map(e -> Numbers.short3(e.getValue()) + " at " + e.getKey() + " tokens")
              .collect(Collectors.joining(" to "));
      return Optional.of(
          Texts.format(
              "Seed noise: runs of %s that differ only in seed have a standard deviation of %s (%s). Intervals include a smooth function of mixture, model size and budget that is fitted to this noise, so the noise in an interval differs from that measured at its budget. More seeds are needed to detect differences that are much smaller than this noise.",
              String.join(", ", mixtures), deviations, unit));
    }
  }
}
