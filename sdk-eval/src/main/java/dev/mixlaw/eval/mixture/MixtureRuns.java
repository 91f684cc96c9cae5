package dev.mixlaw.eval.mixture;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.api.results.Findings;
import dev.mixlaw.api.results.Metric;
import dev.mixlaw.api.units.LossUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** An immutable list of training runs, with the shares of each run and its loss on every domain. */
public final class MixtureRuns {
  /** Largest deviation of a sum of shares from 1 that is corrected by normalization. */
  public static final double SHARE_TOLERANCE = 0.01;

  private static final int MAX_PROBLEMS = 20;

  private final List<String> sources;
  private final List<String> domains;
  private final List<Run> rows;
  private final List<String> warnings;

  /**
   * A training run.
   *
   * @param label name of the run in messages, such as {@code shares.csv:17}
   * @param shares shares of training tokens in the order of the sources, with a sum of 1; the array
   *     must not be modified
   * @param losses losses in the order of the domains, in nats per token or bits per byte; the array
   *     must not be modified
   * @param weight weight of this run in a fit, above 0, such as the number of seeds that were
   *     averaged
   * @param cluster training run to which a checkpoint belongs; empty if this run is independent of
   *     all others
   */
  @SuppressWarnings("ArrayRecordComponent") // a small value in a hot loop; never compared
  public record Run(
      String label,
      double[] shares,
      TrainingScale scale,
      double[] losses,
      double weight,
      Optional<String> cluster) {
    /** Creates an independent run with a weight of 1. */
    public Run(String label, double[] shares, TrainingScale scale, double[] losses) {
      this(label, shares, scale, losses, 1, Optional.empty());
    }

    /** Creates an independent run with a weight of 1 and an unknown scale. */
    public Run(String label, double[] shares, double[] losses) {
      this(label, shares, TrainingScale.UNSAID, losses);
    }
  }

  private MixtureRuns(
      List<String> sources, List<String> domains, List<Run> rows, List<String> warnings) {
    this.sources = sources;
    this.domains = domains;
    this.rows = rows;
    this.warnings = warnings;
  }

  /**
   * Creates a list of runs. Shares whose sum is within 1 % of 1 are normalized, with a warning.
   *
   * @param sources names of at least two sources
   * @param domains names of at least one domain
   * @param rows runs with a share for each source and a loss for each domain
   * @throws IllegalArgumentException if a name is repeated, or if a run does not have one share per
   *     source and one loss per domain
   * @throws MixlawException if the runs are not valid; the exception lists up to twenty problems
   */
  public static MixtureRuns of(List<String> sources, List<String> domains, List<Run> rows) {
    return of(sources, domains, rows, List.of());
  }

  /**
   * Creates a list of runs with additional warnings, such as the number of omitted rows.
   *
   * @throws IllegalArgumentException under the same conditions as {@link #of(List, List, List)}
   * @throws MixlawException under the same conditions as {@link #of(List, List, List)}
   */
  public static MixtureRuns of(
      List<String> sources, List<String> domains, List<Run> rows, List<String> warnings) {
    if (sources.size() < 2 || !unique(sources) || domains.isEmpty() || !unique(domains)) {
      throw new IllegalArgumentException(
          "sources %s, domains %s; expected at least two sources and one domain, without repeated names"
              .formatted(sources, domains));
    }
    List<Problem> problems = new ArrayList<>();
    if (rows.isEmpty()) {
      problems.add(new Problem("the runs", "none", "at least one", "add measured runs"));
    }
    List<Run> normalized = new ArrayList<>();
    for (Run run : rows) {
      check(run, sources, domains, problems);
      double sum = Arrays.stream(run.shares()).sum();
      boolean exact = Math.abs(sum - 1) <= 1e-12;
      normalized.add(
          new Run(
              run.label(),
              Arrays.stream(run.shares()).map(s -> exact ? s : s / sum).toArray(),
              run.scale(),
              run.losses().clone(),
              run.weight(),
              run.cluster()));
    }
    MixlawException.throwIfAny(
        MixlawException.Kind.DATA, problems.subList(0, Math.min(MAX_PROBLEMS, problems.size())));
    long changed =
        IntStream.range(0, rows.size())
            .filter(i -> !Arrays.equals(rows.get(i).shares(), normalized.get(i).shares()))
            .count();
    List<String> all = new ArrayList<>(warnings);
    if (changed > 0) {
      all.add(
          "the shares of %s rows summed to within 1 %% of 1; they were normalized to sum to 1"
              .formatted(changed));
    }
    return new MixtureRuns(
        List.copyOf(sources), List.copyOf(domains), List.copyOf(normalized), List.copyOf(all));
  }

  private static boolean unique(List<String> names) {
    return new HashSet<>(names).size() == names.size();
  }

  private static void check(
      Run run, List<String> sources, List<String> domains, List<Problem> problems) {
    String label = run.label();
    if (run.shares().length != sources.size() || run.losses().length != domains.size()) {
      throw new IllegalArgumentException(
          "%s: %s shares, %s losses; expected %s and %s"
              .formatted(
                  label, run.shares().length, run.losses().length, sources.size(), domains.size()));
    }
    int before = problems.size();
    for (int j = 0; j < sources.size(); j++) {
      double share = run.shares()[j];
      if (!(share >= 0 && share <= 1 + SHARE_TOLERANCE)) {
        wrong(label + ", share of " + sources.get(j), share, "a number from 0 to 1", problems);
      }
    }
    double sum = Arrays.stream(run.shares()).sum();
    if (problems.size() == before && !(Math.abs(sum - 1) <= SHARE_TOLERANCE)) {
      wrong(label + ", sum of the shares", sum, "a sum within 1 % of 1", problems);
    }
    for (int k = 0; k < domains.size(); k++) {
      positive(label + ", loss on " + domains.get(k), run.losses()[k], problems);
    }
    positive(label + ", weight", run.weight(), problems);
  }

  private static void positive(String what, double actual, List<Problem> problems) {
    if (!(actual > 0) || Double.isInfinite(actual)) {
      wrong(what, actual, "a finite number above 0", problems);
    }
  }

  private static void wrong(String what, double actual, String expected, List<Problem> problems) {
    problems.add(
        new Problem(what, Texts.format("%.6g", actual), expected, "correct the measured runs"));
  }

  /**
   * Returns the completed runs of a study, with their achieved shares. Each seed is a separate run.
   * Runs that were not completed are omitted, with a warning.
   *
   * @param unit unit of the losses; only bits per byte can be compared between tokenizers
   * @throws MixlawException if no run was completed, or if the losses are not known in this unit
   */
  public static MixtureRuns of(Findings findings, LossUnit unit) {
    return of(findings, Metric.of(unit));
  }

  /**
   * Returns the completed runs of a study with the values of a metric in place of losses; see
   * {@link #of(Findings, LossUnit)}.
   *
   * @throws MixlawException if no run was completed, if the metric was not measured, or if higher
   *     values of the metric are better
   */
  public static MixtureRuns of(Findings findings, Metric metric) {
    return StudyMixtureRuns.read(findings, metric);
  }

  /** Returns the names of the sources, in the order of the shares. */
  public List<String> sources() {
    return sources;
  }

  /** Returns the names of the domains, in the order of the losses. */
  public List<String> domains() {
    return domains;
  }

  /** Returns all runs. */
  public List<Run> rows() {
    return rows;
  }

  /** Returns the number of runs. */
  public int size() {
    return rows.size();
  }

  /** Returns warnings, such as the number of rows whose shares were normalized. */
  public List<String> warnings() {
    return warnings;
  }

  /** Returns a copy of the shares of all runs. */
  public double[][] shares() {
    return rows.stream().map(r -> r.shares().clone()).toArray(double[][]::new);
  }

  /**
   * Returns the losses of all runs on a domain.
   *
   * @throws IllegalArgumentException if there is no domain of this name
   */
  public double[] losses(String domain) {
    int k = domains.indexOf(domain);
    if (k < 0) {
      throw new IllegalArgumentException("no domain " + domain + "; expected one of " + domains);
    }
    return rows.stream().mapToDouble(r -> r.losses()[k]).toArray();
  }

  /** Returns the weights of all runs. */
  double[] weights() {
    return rows.stream().mapToDouble(Run::weight).toArray();
  }

  /** Returns the runs at the given indices. An index may occur several times. */
  public MixtureRuns at(int... places) {
    return new MixtureRuns(
        sources, domains, Arrays.stream(places).mapToObj(rows::get).toList(), warnings);
  }

  /**
   * Returns the runs at the given model size and budget. Models that depend only on shares require
   * runs of a single scale.
   *
   * @throws IllegalArgumentException if there is no run at this scale
   */
  public MixtureRuns at(TrainingScale scale) {
    int[] places =
        IntStream.range(0, size()).filter(i -> rows.get(i).scale().equals(scale)).toArray();
    if (places.length == 0) {
      throw new IllegalArgumentException("no runs at " + scale + "; expected one of " + scales());
    }
    return at(places);
  }

  /** Returns the mean share of each source, in the order of the sources. */
  public double[] meanShares() {
    double[] mean = new double[sources.size()];
    for (Run run : rows) {
      for (int j = 0; j < mean.length; j++) {
        mean[j] += run.shares()[j] / rows.size();
      }
    }
    return mean;
  }

  /** Returns the indices of the runs of each distinct mixture, in order of first appearance. */
  public List<int[]> byMixture() {
    return grouped(i -> Arrays.toString(rows.get(i).shares()));
  }

  /** Returns the indices of the rows of each cluster. A row without a cluster is a group. */
  List<int[]> byCluster() {
    return grouped(i -> rows.get(i).cluster().<Object>map(c -> c).orElse(i));
  }

  private List<int[]> grouped(Function<Integer, Object> key) {
    return IntStream.range(0, size())
        .boxed()
        .collect(Collectors.groupingBy(key, LinkedHashMap::new, Collectors.toList()))
        .values()
        .stream()
        .map(places -> places.stream().mapToInt(Integer::intValue).toArray())
        .toList();
  }

  /** Returns the sources that have a share of 0 in all runs. */
  public List<String> neverTried() {
    return IntStream.range(0, sources.size())
        .filter(j -> rows.stream().allMatch(r -> r.shares()[j] == 0))
        .mapToObj(sources::get)
        .toList();
  }

  /** Returns the distinct scales in ascending order. */
  public List<TrainingScale> scales() {
    return rows.stream().map(Run::scale).distinct().sorted(BY_SIZE).toList();
  }

  /** Returns the scale with the most parameters. Ties are broken by the number of tokens. */
  public TrainingScale largestScale() {
    return rows.stream().map(Run::scale).max(BY_SIZE).orElse(TrainingScale.UNSAID);
  }

  private static final Comparator<TrainingScale> BY_SIZE =
      Comparator.<TrainingScale>comparingLong(s -> s.params().map(p -> p.count()).orElse(0L))
          .thenComparingLong(s -> s.tokens().map(t -> t.count()).orElse(0L));
}
