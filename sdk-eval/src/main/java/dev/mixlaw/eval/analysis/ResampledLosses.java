package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.results.FittedLaw;
import dev.mixlaw.api.results.Measurement;
import dev.mixlaw.api.results.Metric;
import dev.mixlaw.eval.stats.BootstrapSum;
import dev.mixlaw.eval.stats.DocumentBootstrap;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The values of one metric for all runs, with 1000 bootstrap resamples of the documents or
 * questions within each domain or test. All runs share the resamples.
 *
 * @param macro unweighted mean over all domains
 * @param realText unweighted mean over the domains of real text; equal to the macro average if all
 *     domains or no domains are real text
 * @param domains values on each domain, in the order of the study
 */
record ResampledLosses(
    LossSeries macro, LossSeries realText, List<LossSeries> domains, Averages averages) {
  private static final int RESAMPLES = DocumentBootstrap.RESAMPLES;

  /** Number of runs that are resampled at once. A larger number needs more memory but less time. */
  private static final int BLOCK = 32;

  /**
   * The averages over all domains for each completed run.
   *
   * @param macro unweighted mean
   * @param micro Σ scores / Σ weights
   */
  record Averages(List<BootstrapSum> macro, List<BootstrapSum> micro) {
    static Averages of(StudyGrid grid, Metric metric) {
      return resample(grid, metric, grid.domains(metric), (domain, documents, values) -> {});
    }
  }

  private interface DomainValues {
    void accept(String domain, int documents, List<BootstrapSum> values);
  }

  List<LossSeries> all() {
    List<LossSeries> all = new ArrayList<>();
    all.add(macro);
    all.addAll(domains);
    return all;
  }

  static ResampledLosses of(StudyGrid grid, Metric metric, Set<String> synthetic) {
    List<String> names = grid.domains(metric);
    List<String> real = names.stream().filter(n -> !synthetic.contains(n)).toList();
    List<BootstrapSum> ofReal = zeros(grid);
    List<LossSeries> domains = new ArrayList<>();
    Averages averages =
        resample(
            grid,
            metric,
            names,
            (domain, documents, values) -> {
              domains.add(new LossSeries(grid, domain, documents, values));
              if (real.contains(domain)) {
                add(ofReal, values, 1.0 / real.size());
              }
            });
    int documents = domains.stream().mapToInt(LossSeries::documents).sum();
    LossSeries macro = new LossSeries(grid, FittedLaw.MACRO, documents, averages.macro());
    boolean mixed = !real.isEmpty() && real.size() < names.size();
    return new ResampledLosses(
        macro,
        mixed ? new LossSeries(grid, FittedLaw.MACRO, documents, ofReal) : macro,
        domains,
        averages);
  }

  static LossSeries domain(StudyGrid grid, String domain) {
    List<LossSeries> one = new ArrayList<>();
    resample(
        grid,
        grid.metric(),
        List.of(domain),
        (name, documents, values) -> one.add(new LossSeries(grid, name, documents, values)));
    return one.get(0);
  }

  private static Averages resample(
      StudyGrid grid, Metric metric, List<String> names, DomainValues each) {
    List<BootstrapSum> macro = zeros(grid);
    List<BootstrapSum> scores = zeros(grid);
    BootstrapSum weights = BootstrapSum.constant(0, RESAMPLES);
    for (String domain : names) {
      List<Measurement> runs =
          grid.completed().stream().map(r -> r.measurement(domain, metric).orElseThrow()).toList();
      Measurement first = runs.get(0);
      DocumentBootstrap bootstrap =
          new DocumentBootstrap(first.scores().size(), RESAMPLES, grid.seedOf(domain));
      List<BootstrapSum> own = scores(runs, bootstrap);
      BootstrapSum below =
          first.weights().isEmpty()
              ? BootstrapSum.constant(Math.max(1, first.scores().size()), RESAMPLES)
              : BootstrapSum.of(bootstrap, first.weights());
      List<BootstrapSum> values = own.stream().map(s -> s.over(below)).toList();
      add(macro, values, 1.0 / names.size());
      add(scores, own, 1);
      weights.add(below, 1);
      each.accept(domain, first.scores().size(), values);
    }
    return new Averages(macro, scores.stream().map(s -> s.over(weights)).toList());
  }

  /**
   * Returns the sum of the scores of each run. A domain without scores, such as a column of a
   * table, has a single value per run, which is the same in every resample.
   */
  private static List<BootstrapSum> scores(List<Measurement> runs, DocumentBootstrap bootstrap) {
    if (bootstrap.documents() == 0) {
      return runs.stream().map(m -> BootstrapSum.constant(m.value().value(), RESAMPLES)).toList();
    }
    return IntStream.iterate(0, i -> i < runs.size(), i -> i + BLOCK)
        .mapToObj(i -> runs.subList(i, Math.min(runs.size(), i + BLOCK)))
        .flatMap(
            block ->
                BootstrapSum.ofRuns(bootstrap, block.stream().map(Measurement::scores).toList())
                    .stream())
        .toList();
  }

  private static void add(List<BootstrapSum> sums, List<BootstrapSum> others, double weight) {
    for (int i = 0; i < sums.size(); i++) {
      sums.get(i).add(others.get(i), weight);
    }
  }

  private static List<BootstrapSum> zeros(StudyGrid grid) {
    return Stream.generate(() -> BootstrapSum.constant(0, RESAMPLES))
        .limit(grid.completed().size())
        .toList();
  }
}
