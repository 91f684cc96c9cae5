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
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Trained mixtures: the shares of each run and its loss on every domain. Immutable. */
public final class MixtureRuns {
  /** Farthest from 1 that a run's shares may sum to be brought to it. */
  public static final double SHARE_TOLERANCE = 0.01;

  private static final int MAX_PROBLEMS = 20;

  private final List<String> sources;
  private final List<String> domains;
  private final List<Run> rows;
  private final List<String> warnings;

  /**
   * One trained mixture.
   *
   * @param label what errors call it, such as {@code shares.csv:17}
   * @param shares of training tokens, in the order of the sources, together 1; not to be changed
   * @param scale size and budget
   * @param losses in the order of the domains, nats per token or bits per byte; not to be changed
   */
  @SuppressWarnings("ArrayRecordComponent") // a small value in a hot loop; never compared
  public record Run(String label, double[] shares, TrainingScale scale, double[] losses) {}

  private MixtureRuns(
      List<String> sources, List<String> domains, List<Run> rows, List<String> warnings) {
    this.sources = sources;
    this.domains = domains;
    this.rows = rows;
    this.warnings = warnings;
  }

  /**
   * Runs of these sources and domains, to be added one by one.
   *
   * @throws IllegalArgumentException unless there are two sources and a domain, each named once
   */
  public static Builder of(List<String> sources, List<String> domains) {
    return new Builder(sources, domains);
  }

  /**
   * The completed runs of a study, each seed a row: shares as achieved, N, tokens trained on,
   * losses by domain. Others are left out, which the warnings say.
   *
   * @param unit bits per byte may be compared between tokenizers, nats per token may not
   * @throws MixlawException if no run was completed, or losses are not known in the unit
   */
  public static MixtureRuns of(Findings findings, LossUnit unit) {
    return StudyMixtureRuns.read(findings, unit);
  }

  public List<String> sources() {
    return sources;
  }

  public List<String> domains() {
    return domains;
  }

  public List<Run> rows() {
    return rows;
  }

  public int size() {
    return rows.size();
  }

  /** What a reader must know, such as how many rows were brought to a sum of 1. */
  public List<String> warnings() {
    return warnings;
  }

  /** Shares of all runs; a copy. */
  public double[][] shares() {
    return rows.stream().map(r -> r.shares().clone()).toArray(double[][]::new);
  }

  /**
   * Losses of all runs on a domain.
   *
   * @throws IllegalArgumentException if there is none of the name
   */
  public double[] losses(String domain) {
    int k = domains.indexOf(domain);
    if (k < 0) {
      throw new IllegalArgumentException("no domain " + domain + "; there are " + domains);
    }
    return rows.stream().mapToDouble(r -> r.losses()[k]).toArray();
  }

  /** The runs at these places, which may repeat. */
  public MixtureRuns at(int... places) {
    return new MixtureRuns(
        sources, domains, Arrays.stream(places).mapToObj(rows::get).toList(), warnings);
  }

  /**
   * The runs of a size and budget: models of shares alone need them alike in both.
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

  /** Mean share of every source, in their order. */
  public double[] meanShares() {
    double[] mean = new double[sources.size()];
    for (Run run : rows) {
      for (int j = 0; j < mean.length; j++) {
        mean[j] += run.shares()[j] / rows.size();
      }
    }
    return mean;
  }

  /** Places of the runs of each distinct mixture, in the order of first appearance. */
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

  /** Sources that no run has. */
  public List<String> neverTried() {
    return IntStream.range(0, sources.size())
        .filter(j -> rows.stream().allMatch(r -> r.shares()[j] == 0))
        .mapToObj(sources::get)
        .toList();
  }

  /** Distinct scales, the smallest first. */
  public List<TrainingScale> scales() {
    return rows.stream().map(Run::scale).distinct().sorted(BY_SIZE).toList();
  }

  /** The scale with the most parameters, and of these the most tokens. */
  public TrainingScale largestScale() {
    return rows.stream().map(Run::scale).max(BY_SIZE).orElse(TrainingScale.UNSAID);
  }

  private static final Comparator<TrainingScale> BY_SIZE =
      Comparator.<TrainingScale>comparingLong(s -> s.params().map(p -> p.count()).orElse(0L))
          .thenComparingLong(s -> s.tokens().map(t -> t.count()).orElse(0L));

  /** Collects runs and everything that is wrong with them. */
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

    /** Adds a run of which only shares and losses are known. */
    public Builder add(String label, double[] shares, double[] losses) {
      return add(label, shares, TrainingScale.UNSAID, losses);
    }

    /**
     * Adds a run. Shares within 1 % of 1 together are brought to 1.
     *
     * @throws IllegalArgumentException if there are not as many numbers as sources and domains
     */
    public Builder add(String label, double[] shares, TrainingScale scale, double[] losses) {
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
      if (problems.size() > before) {
        return this;
      }
      boolean exact = Math.abs(sum - 1) <= 1e-12;
      renormalized += exact ? 0 : 1;
      rows.add(
          new Run(
              label,
              Arrays.stream(shares).map(s -> exact ? s : s / sum).toArray(),
              scale,
              losses.clone()));
      return this;
    }

    /** Adds what a reader of the runs must know. */
    Builder note(String warning) {
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
     * All runs.
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
                      .map(n -> n + " rows had shares within 1 % of 1 together; brought to 1"))
              .toList();
      return new MixtureRuns(sources, domains, List.copyOf(rows), warnings);
    }
  }
}
