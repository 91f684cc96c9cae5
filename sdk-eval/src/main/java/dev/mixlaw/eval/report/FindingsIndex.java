package dev.mixlaw.eval.report;

import dev.mixlaw.api.results.Comparison;
import dev.mixlaw.api.results.Findings;
import dev.mixlaw.api.results.FittedLaw;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.units.Params;
import dev.mixlaw.api.units.Tokens;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Findings by the axes of their study. */
final class FindingsIndex {
  private final Findings findings;
  private final List<String> mixtures;
  private final Map<String, Long> models = new LinkedHashMap<>();
  private final List<String> domains;

  FindingsIndex(Findings findings) {
    this.findings = findings;
    this.mixtures = List.copyOf(findings.provenance().mixtures().keySet());
    findings.runs().stream()
        .sorted(Comparator.comparingLong(RunResult::nonEmbeddingParameters))
        .forEach(r -> models.putIfAbsent(r.key().model(), r.nonEmbeddingParameters()));
    this.domains = findings.provenance().domains().stream().map(d -> d.name()).toList();
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

  /** All but the baseline. */
  List<String> others() {
    return mixtures.stream().filter(m -> !m.equals(baseline())).toList();
  }

  /** A model and a budget that it was trained on. */
  record Place(String model, Tokens budget) {
    @Override
    public String toString() {
      return "model " + model + ", " + budget + " tokens";
    }
  }

  /** The largest model that completed a run, at its largest budget. */
  Optional<Place> largest() {
    return models.keySet().stream()
        .flatMap(m -> largestBudget(m).map(b -> new Place(m, b)).stream())
        .reduce((first, second) -> second);
  }

  /** Whether a statement about a size and budget is about a place of the grid. */
  boolean isAt(Params params, Tokens tokens, Place place) {
    return params.count() == models.get(place.model()) && tokens.equals(place.budget());
  }

  /** Of losses: of a table's, it may be another than a study's. */
  String unit() {
    return "bits per byte".equals(findings.provenance().settings().get("unit"))
        ? "nats per byte"
        : "nats per token";
  }

  /** A domain, or the mean of all, as people call it. */
  static String called(String domain) {
    return domain.equals(FittedLaw.MACRO) ? "mean of domains" : domain;
  }

  /** Where a mixture stands in the study: its colour and marker. */
  int index(String mixture) {
    return Math.max(0, mixtures.indexOf(mixture));
  }

  /** Non-embedding parameters by model, ascending. */
  Map<String, Long> models() {
    return models;
  }

  List<String> domains() {
    return domains;
  }

  /** The largest budget that any run of a model completed. */
  Optional<Tokens> largestBudget(String model) {
    return findings.means().stream()
        .filter(m -> m.key().model().equals(model))
        .map(m -> m.key().budget())
        .max(Comparator.naturalOrder());
  }

  Optional<Comparison> comparison(String mixture, String model, Tokens budget, String domain) {
    return findings.comparisons().stream()
        .filter(
            c ->
                c.mixture().equals(mixture)
                    && c.model().equals(model)
                    && c.budget().equals(budget)
                    && c.domain().equals(domain))
        .findFirst();
  }

  /**
   * Measured losses of a mixture by tokens, the mean of its seeds; of a domain or the macro
   * average.
   */
  List<Chart.Point> curve(String mixture, String model, String domain) {
    Map<Long, Collection<double[]>> byTokens = new TreeMap<>();
    if (domain.equals(FittedLaw.MACRO)) {
      findings.means().stream()
          .filter(m -> m.key().mixture().equals(mixture) && m.key().model().equals(model))
          .forEach(m -> add(byTokens, m.key().budget(), m.macroNatsPerToken()));
    } else {
      findings.runs().stream()
          .filter(r -> r.key().mixture().equals(mixture) && r.key().model().equals(model))
          .forEach(
              r ->
                  r.losses().stream()
                      .filter(l -> l.domain().equals(domain))
                      .forEach(l -> add(byTokens, r.key().budget(), l.natsPerToken())));
    }
    List<Chart.Point> points = new ArrayList<>();
    byTokens.forEach(
        (tokens, values) ->
            points.add(new Chart.Point(tokens, mean(values, 0), mean(values, 1), mean(values, 2))));
    return points;
  }

  private static void add(
      Map<Long, Collection<double[]>> byTokens, Tokens budget, dev.mixlaw.api.results.Estimate e) {
    byTokens
        .computeIfAbsent(budget.count(), b -> new ArrayList<>())
        .add(new double[] {e.value(), e.interval().low(), e.interval().high()});
  }

  private static double mean(Collection<double[]> values, int column) {
    return values.stream().mapToDouble(v -> v[column]).average().orElseThrow();
  }

  /** The law L(D) of a mixture at a model, if the data carry one. */
  Optional<FittedLaw> dataLaw(String mixture, String model, String domain) {
    return findings.laws().stream()
        .filter(
            l ->
                l.form().equals("data")
                    && l.mixture().equals(mixture)
                    && l.domain().equals(domain)
                    && l.model().equals(Optional.of(model)))
        .findFirst();
  }
}
