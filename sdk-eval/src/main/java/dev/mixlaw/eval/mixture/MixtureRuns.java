package dev.mixlaw.eval.mixture;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.results.Findings;
import dev.mixlaw.api.units.LossUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Runs of several mixtures: the shares of each run and its loss on every domain. Immutable. */
public final class MixtureRuns {
  /** Largest deviation of a sum of shares from 1 that is normalized. */
  public static final double SHARE_TOLERANCE = 0.01;

  private static final int MAX_PROBLEMS = 20;

  private final List<String> sources;
  private final List<String> domains;
  private final List<Run> rows;
  private final List<String> warnings;

  /**
   * One run.
   *
   * @param label name in messages, such as {@code shares.csv:17}
   * @param shares shares of training tokens in the order of the sources, with sum 1; must not be
   *     changed
   * @param scale model size and budget
   * @param losses losses in the order of the domains, in nats per token or bits per byte; must not
   *     be changed
   * @param weight weight in a fit, above 0, such as the number of seeds that the losses are means
   *     of
   * @param cluster the training run that a checkpoint belongs to; empty if the row is independent
   *     of all others
   */
  @SuppressWarnings("ArrayRecordComponent") // a small value in a hot loop; never compared
  public record Run(
      String label,
      double[] shares,
      TrainingScale scale,
      double[] losses,
      double weight,
      Optional<String> cluster) {
    /** Creates an independent run of weight 1. */
    public Run(String label, double[] shares, TrainingScale scale, double[] losses) {
      this(label, shares, scale, losses, 1, Optional.empty());
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
   * Returns a builder of runs with these sources and domains.
   *
   * @throws IllegalArgumentException unless there are at least two sources and one domain, each
   *     once
   */
  public static Builder of(List<String> sources, List<String> domains) {
    return new Builder(sources, domains);
  }

  /**
   * Returns the completed runs of a study, one row for each seed, with achieved shares, model size,
   * tokens and losses. Other runs are left out with a warning.
   *
   * @param unit unit of the losses; only bits per byte can be compared between tokenizers
   * @throws MixlawException if no run was completed, or losses are not known in the unit
   */
  public static MixtureRuns of(Findings findings, LossUnit unit) {
    return StudyMixtureRuns.read(findings, unit);
  }

  /** Returns the names of the sources. */
  public List<String> sources() {
    return sources;
  }

  /** Returns the names of the domains. */
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
      throw new IllegalArgumentException("no domain " + domain + "; there are " + domains);
    }
    return rows.stream().mapToDouble(r -> r.losses()[k]).toArray();
  }

  /** Returns the runs at these positions, which may repeat. */
  public MixtureRuns at(int... places) {
    return new MixtureRuns(
        sources, domains, Arrays.stream(places).mapToObj(rows::get).toList(), warnings);
  }

  /**
   * Returns the runs of one size and budget, which models of shares alone need.
   *
   * @throws IllegalArgumentException if there are none
   */
  public MixtureRuns at(TrainingScale scale) {
    int[] places =
        IntStream.range(0, size()).filter(i -> rows.get(i).scale().equals(scale)).toArray();
    if (places.length == 0) {
      throw new IllegalArgumentException("no runs at " + scale + "; there are " + scales());
    }
    return at(places);
  }

  /** Returns the mean share of every source, in their order. */
  public double[] meanShares() {
    double[] mean = new double[sources.size()];
    for (Run run : rows) {
      for (int j = 0; j < mean.length; j++) {
        mean[j] += run.shares()[j] / rows.size();
      }
    }
    return mean;
  }

  /**
   * Returns the positions of the runs of each distinct mixture, in the order of first appearance.
   */
  public List<int[]> byMixture() {
    return IntStream.range(0, size())
        .boxed()
        .collect(
            Collectors.groupingBy(
                i -> Arrays.toString(rows.get(i).shares()),
                LinkedHashMap::new,
                Collectors.toList()))
        .values()
        .stream()
        .map(places -> places.stream().mapToInt(Integer::intValue).toArray())
        .toList();
  }

  /** Returns the sources that no run contains. */
  public List<String> neverTried() {
    return IntStream.range(0, sources.size())
        .filter(j -> rows.stream().allMatch(r -> r.shares()[j] == 0))
        .mapToObj(sources::get)
        .toList();
  }

  /** Returns the distinct scales, the smallest first. */
  public List<TrainingScale> scales() {
    return rows.stream().map(Run::scale).distinct().sorted(BY_SIZE).toList();
  }

  /** Returns the scale with the most parameters, then the most tokens. */
  public TrainingScale largestScale() {
    return rows.stream().map(Run::scale).max(BY_SIZE).orElse(TrainingScale.UNSAID);
  }

  private static final Comparator<TrainingScale> BY_SIZE =
      Comparator.<TrainingScale>comparingLong(s -> s.params().map(p -> p.count()).orElse(0L))
          .thenComparingLong(s -> s.tokens().map(t -> t.count()).orElse(0L));

  /** Builds runs one by one and collects all problems. */
  public static final class Builder {
    private final List<String> sources;
    private final List<String> domains;
    private final List<Run> rows = new ArrayList<>();
    private final List<Problem> problems = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private int renormalized;

    private Builder(List<String> sources, List<String> domains) {
      this.sources = List.copyOf(sources);
      this.domains = List.copyOf(domains);
      if (sources.size() < 2 || !unique(sources) || domains.isEmpty() || !unique(domains)) {
        throw new IllegalArgumentException(
            "sources "
                + sources
                + ", domains "
                + domains
                + "; needed: at least two sources and one domain, each named once");
      }
    }

    private static boolean unique(List<String> names) {
      Set<String> seen = new TreeSet<>(names);
      return seen.size() == names.size();
    }

    /** Adds a run without model size and budget. */
    public Builder add(String label, double[] shares, double[] losses) {
      return add(label, shares, TrainingScale.UNSAID, losses);
    }

    /**
     * Adds a run. Shares whose sum is within 1 % of 1 are normalized.
     *
     * @throws IllegalArgumentException if there are not as many numbers as sources and domains
     */
    public Builder add(String label, double[] shares, TrainingScale scale, double[] losses) {
      return add(new Run(label, shares, scale, losses));
    }

    /**
     * Adds a run. Shares whose sum is within 1 % of 1 are normalized.
     *
     * @throws IllegalArgumentException if there are not as many numbers as sources and domains
     */
    public Builder add(Run run) {
      String label = run.label();
      double[] shares = run.shares();
      double[] losses = run.losses();
      if (shares.length != sources.size() || losses.length != domains.size()) {
        throw new IllegalArgumentException(
            label + ": " + shares.length + " shares, " + losses.length + " losses");
      }
      int before = problems.size();
      for (int j = 0; j < shares.length; j++) {
        require(
            shares[j] >= 0 && shares[j] <= 1 + SHARE_TOLERANCE,
            label + ", share of " + sources.get(j),
            shares[j],
            "from 0 to 1");
      }
      double sum = Arrays.stream(shares).sum();
      if (problems.size() == before) {
        require(
            Math.abs(sum - 1) <= SHARE_TOLERANCE,
            label + ", sum of the shares",
            sum,
            "1, within 1 %");
      }
      for (int k = 0; k < losses.length; k++) {
        require(
            losses[k] > 0 && !Double.isInfinite(losses[k]),
            label + ", loss on " + domains.get(k),
            losses[k],
            "finite and above 0");
      }
      require(
          run.weight() > 0 && !Double.isInfinite(run.weight()),
          label + ", weight",
          run.weight(),
          "finite and above 0");
      if (problems.size() > before) {
        return this;
      }
      boolean exact = Math.abs(sum - 1) <= 1e-12;
      renormalized += exact ? 0 : 1;
      rows.add(
          new Run(
              label,
              Arrays.stream(shares).map(s -> exact ? s : s / sum).toArray(),
              run.scale(),
              losses.clone(),
              run.weight(),
              run.cluster()));
      return this;
    }

    /** Adds a warning, such as the number of runs that were left out. */
    public Builder note(String warning) {
      notes.add(warning);
      return this;
    }

    private void require(boolean holds, String what, double actual, String allowed) {
      if (!holds && problems.size() < MAX_PROBLEMS) {
        problems.add(
            new Problem(
                what, String.format(Locale.ROOT, "%.6g", actual), allowed, "the measured runs"));
      }
    }

    /**
     * Returns the runs.
     *
     * @throws MixlawException listing what is wrong, up to twenty problems
     */
    public MixtureRuns build() {
      if (problems.isEmpty() && rows.isEmpty()) {
        problems.add(new Problem("the runs", "none", "at least one", "the measured runs"));
      }
      if (!problems.isEmpty()) {
        throw new MixlawException(MixlawException.Kind.DATA, problems, null);
      }
      List<String> warnings =
          Stream.concat(
                  notes.stream(),
                  Stream.of(renormalized)
                      .filter(n -> n > 0)
                      .map(
                          n ->
                              "the shares of "
                                  + n
                                  + " rows summed to within 1 % of 1; they were normalized to sum to 1"))
              .toList();
      return new MixtureRuns(sources, domains, List.copyOf(rows), warnings);
    }
  }
}
