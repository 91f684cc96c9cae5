package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.api.results.FittedLaw;
import dev.mixlaw.api.results.Measurement;
import dev.mixlaw.api.results.Metric;
import dev.mixlaw.api.results.Provenance;
import dev.mixlaw.api.results.RunKey;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.units.Params;
import dev.mixlaw.api.units.Tokens;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The runs of a study, sorted by mixture, model, budget and seed, and the metric to analyze. */
final class StudyGrid {
  /** A model with its number of non-embedding parameters. Its name identifies it. */
  record Model(String name, Params params) {}

  /**
   * A point of the grid with at least one completed run.
   *
   * @param tokens number of tokens trained on, which is the budget rounded to whole steps
   * @param runs completed runs, which differ in their seed
   * @param firstRun index of the first run in {@link StudyGrid#completed}
   */
  record Cell(
      int index,
      String mixture,
      Model model,
      Tokens budget,
      long tokens,
      List<RunResult> runs,
      int firstRun) {}

  private record Place(String mixture, String model, Tokens budget) {}

  private final Metric metric;
  private final long seed;
  private final String baseline;
  private final Map<String, Map<String, Double>> shares;
  private final List<String> mixtures;
  private final List<Model> models;
  private final List<Tokens> budgets;
  private final List<RunResult> runs;
  private final List<RunResult> completed;
  private final Map<Place, Cell> cells = new LinkedHashMap<>();

  StudyGrid(Provenance provenance, List<RunResult> unordered, Metric metric) {
    this(provenance, unordered, metric, 0);
  }

  StudyGrid(Provenance provenance, List<RunResult> unordered, Metric metric, long seed) {
    this.metric = metric;
    this.seed = seed;
    baseline = provenance.baseline();
    shares = provenance.mixtures();
    Set<String> names = new LinkedHashSet<>(shares.keySet());
    unordered.stream().map(r -> r.key().mixture()).sorted().forEach(names::add);
    mixtures = List.copyOf(names);
    Map<String, Params> sizes = new TreeMap<>();
    for (RunResult run : unordered) {
      Params params = new Params(run.nonEmbeddingParameters());
      Params other = sizes.putIfAbsent(run.key().model(), params);
      if (other != null && !other.equals(params)) {
        throw new IllegalArgumentException(
            Texts.format(
                "model %s has %s parameters in one run and %s in another",
                run.key().model(), other.count(), params.count()));
      }
    }
    models =
        sizes.entrySet().stream()
            .map(e -> new Model(e.getKey(), e.getValue()))
            .sorted(Comparator.comparing(Model::params).thenComparing(Model::name))
            .toList();
    budgets =
        new TreeSet<>(unordered.stream().map(r -> r.key().budget()).toList()).stream().toList();
    List<String> modelNames = models.stream().map(Model::name).toList();
    runs =
        unordered.stream()
            .sorted(
                Comparator.comparing((RunResult r) -> mixtures.indexOf(r.key().mixture()))
                    .thenComparing(r -> modelNames.indexOf(r.key().model()))
                    .thenComparing(r -> r.key().budget())
                    .thenComparing(r -> r.key().seed()))
            .toList();
    requireOnce(runs);
    completed = runs.stream().filter(RunResult::completed).toList();
    requireSameItems();
    gather();
  }

  private void gather() {
    Map<Place, List<RunResult>> seeds =
        completed.stream()
            .collect(
                Collectors.groupingBy(
                    r -> place(r.key()), LinkedHashMap::new, Collectors.toList()));
    int first = 0;
    for (Map.Entry<Place, List<RunResult>> e : seeds.entrySet()) {
      Place at = e.getKey();
      Model model =
          models.stream().filter(m -> m.name().equals(at.model())).findFirst().orElseThrow();
      long tokens = e.getValue().get(0).tokens();
      cells.put(
          at,
          new Cell(cells.size(), at.mixture(), model, at.budget(), tokens, e.getValue(), first));
      first += e.getValue().size();
    }
  }

  private static Place place(RunKey key) {
    return new Place(key.mixture(), key.model(), key.budget());
  }

  private static void requireOnce(List<RunResult> runs) {
    Set<RunKey> seen = new HashSet<>();
    for (RunResult run : runs) {
      if (!seen.add(run.key())) {
        throw new IllegalArgumentException("run " + run.key() + ": given twice; expected once");
      }
    }
  }

  /** Checks that all runs were measured on the same documents, which paired comparisons require. */
  private void requireSameItems() {
    for (RunResult run : completed) {
      if (run.measurements(metric).isEmpty()) {
        throw new IllegalArgumentException(
            Texts.format(
                "run %s: completed without %s; expected it on at least one domain",
                run.key(), metric.name()));
      }
      for (Measurement m : run.measurements()) {
        if (!m.weights().isEmpty() && m.weights().stream().mapToDouble(w -> w).sum() == 0) {
          throw new IllegalArgumentException(
              Texts.format(
                  "run %s: the weights of %s on %s sum to 0; expected text",
                  run.key(), m.metric().name(), m.subject()));
        }
      }
      if (!items(run).equals(items(completed.get(0)))) {
        throw new IllegalArgumentException(
            Texts.format(
                "run %s: measured on different documents from run %s; expected the same domains and tests, and the same tokens and bytes for each document",
                run.key(), completed.get(0).key()));
      }
    }
  }

  private record Items(String subject, Metric metric, int number, List<Double> weights) {}

  private static List<Items> items(RunResult run) {
    return run.measurements().stream()
        .map(m -> new Items(m.subject(), m.metric(), m.scores().size(), m.weights()))
        .toList();
  }

  Metric metric() {
    return metric;
  }

  /** Returns 1 if lower values of the metric are better, otherwise -1. */
  double sign() {
    return metric.higherIsBetter() ? -1 : 1;
  }

  /** Returns all metrics that were measured, or an empty list if no run was completed. */
  List<Metric> metrics() {
    return completed.stream()
        .limit(1)
        .flatMap(r -> r.measurements().stream())
        .map(Measurement::metric)
        .distinct()
        .toList();
  }

  /** Returns the seed of the analysis. */
  long seed() {
    return seed;
  }

  long seedOf(Object... things) {
    return (seed << 32) ^ Objects.hash(things);
  }

  String baseline() {
    return baseline;
  }

  Map<String, Map<String, Double>> shares() {
    return shares;
  }

  List<String> mixtures() {
    return mixtures;
  }

  List<Model> models() {
    return models;
  }

  List<Tokens> budgets() {
    return budgets;
  }

  List<String> domains() {
    return domains(metric);
  }

  List<String> domains(Metric of) {
    return completed.stream()
        .limit(1)
        .flatMap(r -> r.measurements(of).stream())
        .map(Measurement::subject)
        .toList();
  }

  List<RunResult> runs() {
    return runs;
  }

  List<RunResult> completed() {
    return completed;
  }

  List<Cell> cells() {
    return List.copyOf(cells.values());
  }

  Optional<Cell> cell(String mixture, Model model, Tokens budget) {
    return Optional.ofNullable(cells.get(new Place(mixture, model.name(), budget)));
  }

  List<Cell> overBudgets(String mixture, Model model) {
    return of(mixture).stream().filter(c -> c.model().equals(model)).toList();
  }

  List<Cell> overModels(String mixture, Tokens budget) {
    return of(mixture).stream().filter(c -> c.budget().equals(budget)).toList();
  }

  List<Cell> of(String mixture) {
    return cells.values().stream().filter(c -> c.mixture().equals(mixture)).toList();
  }

  /**
   * Checks that the study has a mixture of the given name, and returns the name.
   *
   * @throws IllegalArgumentException if there is no such mixture; the message lists all mixtures
   */
  String requireMixture(String name) {
    return require("mixture", name, mixtures);
  }

  /**
   * Checks that the study has a corpus of the given name, and returns the name.
   *
   * @throws IllegalArgumentException if there is no such corpus; the message lists all corpora
   */
  String requireCorpus(String name) {
    return require("corpus", name, corpora());
  }

  /**
   * Checks that the given name is a domain of the metric or the macro average, and returns the
   * name.
   *
   * @throws IllegalArgumentException if there is no such domain; the message lists all domains
   */
  String requireDomain(String name) {
    return name.equals(FittedLaw.MACRO) ? name : require("domain", name, domains());
  }

  private static String require(String kind, String name, List<String> all) {
    if (!all.contains(name)) {
      throw new IllegalArgumentException(
          kind + " " + name + ": not in the study; expected one of " + String.join(", ", all));
    }
    return name;
  }

  List<String> corpora() {
    Set<String> names = new LinkedHashSet<>();
    shares.values().forEach(s -> names.addAll(s.keySet()));
    return new ArrayList<>(names);
  }
}
