package dev.mixlaw.eval.mixture;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.Interval;
import dev.mixlaw.api.units.Tokens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * Finds the shares for which fitted models predict the lowest loss.
 *
 * <pre>{@code
 * Answer<Proposal> best = Proposer.of(fits).natural(Map.of("web", 0.9, "hq", 0.1)).best("wiki");
 * }</pre>
 *
 * <p>A proposer is immutable: each setting returns a new one. The same fits and seed give
 * bit-identical results.
 */
public final class Proposer {
  private final Settings settings;

  /**
   * The settings of a proposal.
   *
   * @param fits one fit per domain, all to the same runs and resamples
   * @param scale model size and budget of the losses
   * @param natural natural shares by source; empty if unknown
   * @param bounds bounds of shares by source; the default is 0 to 1
   * @param repeats repeat limits by source, for {@code budget}
   * @param budget training tokens that the limits apply to
   * @param seed seed of the search
   * @param executor executor of the refits; the result does not depend on it
   */
  record Settings(
      List<MixtureFit> fits,
      TrainingScale scale,
      Optional<Map<String, Double>> natural,
      Map<String, Interval> bounds,
      Map<String, RepeatLimit> repeats,
      Optional<Tokens> budget,
      long seed,
      Executor executor) {
    Settings {
      fits = List.copyOf(fits);
      Objects.requireNonNull(scale, "scale");
      Objects.requireNonNull(budget, "budget");
      Objects.requireNonNull(executor, "executor");
      natural = natural.map(n -> Collections.unmodifiableMap(new LinkedHashMap<>(n)));
      bounds = Collections.unmodifiableMap(new LinkedHashMap<>(bounds));
      repeats = Collections.unmodifiableMap(new LinkedHashMap<>(repeats));
    }

    /** Returns the sources, in the order of all arrays of shares. */
    List<String> sources() {
      return fits.get(0).runs().sources();
    }
  }

  private Proposer(Settings settings) {
    this.settings = settings;
  }

  /** Returns a proposer for one domain. */
  public static Proposer of(MixtureFit fit) {
    return of(List.of(fit));
  }

  /**
   * Returns a proposer for several domains with the defaults: the largest scale of the runs, seed
   * 0, and the calling thread as executor.
   *
   * @param fits fits to the same runs and resamples, with draws
   * @throws IllegalArgumentException if there are no fits, a fit has no draws, or the sources or
   *     numbers of draws differ
   */
  public static Proposer of(List<MixtureFit> fits) {
    if (fits.isEmpty()
        || fits.get(0).draws().isEmpty()
        || fits.stream()
            .anyMatch(
                f ->
                    !f.runs().sources().equals(fits.get(0).runs().sources())
                        || f.draws().size() != fits.get(0).draws().size())) {
      throw new IllegalArgumentException(
          "expected fits of the same sources with the same number of draws; got "
              + fits.stream().map(f -> f.domain() + " with " + f.draws().size()).toList());
    }
    return new Proposer(
        new Settings(
            fits,
            fits.get(0).runs().largestScale(),
            Optional.empty(),
            Map.of(),
            Map.of(),
            Optional.empty(),
            0,
            Runnable::run));
  }

  /**
   * Sets the natural shares, which are a baseline of every proposal. Default: the mean shares of
   * the runs, with a warning.
   *
   * @throws MixlawException if a source is unknown, or if the shares do not sum to 1 within 1 %
   */
  public Proposer natural(Map<String, Double> shares) {
    requireKnown("natural shares", shares);
    double sum = shares.values().stream().mapToDouble(Double::doubleValue).sum();
    if (!(Math.abs(sum - 1) <= MixtureRuns.SHARE_TOLERANCE)
        || shares.values().stream().anyMatch(s -> s < 0)) {
      throw wrong(
          "natural shares",
          shares.toString(),
          "shares from 0 to 1 with a sum within 1 % of 1",
          "natural");
    }
    Map<String, Double> exact = new LinkedHashMap<>();
    settings.sources().forEach(s -> exact.put(s, shares.getOrDefault(s, 0.0) / sum));
    return with(
        settings.scale, Optional.of(exact), settings.bounds, settings.repeats, settings.budget);
  }

  /**
   * Sets the bounds of a share. Default: 0 to 1.
   *
   * @throws MixlawException if the source is unknown, or if the bounds do not satisfy 0 &lt;= low
   *     &lt;= high &lt;= 1
   */
  public Proposer within(String source, double low, double high) {
    requireKnown("bounds", Map.of(source, low));
    if (!(0 <= low && low <= high && high <= 1)) {
      throw wrong("bounds of " + source, low + " to " + high, "0 <= low <= high <= 1", "within");
    }
    Map<String, Interval> bounds = new LinkedHashMap<>(settings.bounds);
    bounds.put(source, new Interval(low, high));
    return with(settings.scale, settings.natural, bounds, settings.repeats, settings.budget);
  }

  /** Limits every share that has no bounds to its range in the runs. */
  public Proposer withinTried() {
    Map<String, Interval> bounds = new LinkedHashMap<>();
    double[][] tried = settings.fits.get(0).runs().shares();
    for (int j = 0; j < settings.sources().size(); j++) {
      int source = j;
      DoubleSummaryStatistics range =
          Arrays.stream(tried).mapToDouble(s -> s[source]).summaryStatistics();
      bounds.put(settings.sources().get(j), new Interval(range.getMin(), range.getMax()));
    }
    bounds.putAll(settings.bounds);
    return with(settings.scale, settings.natural, bounds, settings.repeats, settings.budget);
  }

  /**
   * Limits the repeats of sources: share · budget &lt;= epochs · unique tokens.
   *
   * @param budget training tokens
   * @param limits limits by source; other sources may repeat without limit
   * @throws MixlawException if a source is unknown
   */
  public Proposer repeatLimits(Tokens budget, Map<String, RepeatLimit> limits) {
    requireKnown("repeat limits", limits);
    return with(settings.scale, settings.natural, settings.bounds, limits, Optional.of(budget));
  }

  /** Sets the model size and budget of the losses, for models that use them. */
  public Proposer at(TrainingScale scale) {
    return with(scale, settings.natural, settings.bounds, settings.repeats, settings.budget);
  }

  /** Sets the seed of the mixtures that the search starts from. Default: 0. */
  public Proposer seed(long seed) {
    return new Proposer(
        new Settings(
            settings.fits,
            settings.scale,
            settings.natural,
            settings.bounds,
            settings.repeats,
            settings.budget,
            seed,
            settings.executor));
  }

  /**
   * Sets the executor of the refits. The result does not depend on it. Default: the calling thread.
   */
  public Proposer executor(Executor executor) {
    return new Proposer(
        new Settings(
            settings.fits,
            settings.scale,
            settings.natural,
            settings.bounds,
            settings.repeats,
            settings.budget,
            settings.seed,
            executor));
  }

  private Proposer with(
      TrainingScale scale,
      Optional<Map<String, Double>> natural,
      Map<String, Interval> bounds,
      Map<String, RepeatLimit> repeats,
      Optional<Tokens> budget) {
    return new Proposer(
        new Settings(
            settings.fits,
            scale,
            natural,
            bounds,
            repeats,
            budget,
            settings.seed,
            settings.executor));
  }

  /**
   * Finds the best shares for one domain.
   *
   * @throws MixlawException if no shares meet all bounds and limits
   * @throws IllegalArgumentException if there is no fit for the domain
   */
  public Answer<Proposal> best(String domain) {
    return best(Map.of(domain, 1.0));
  }

  /**
   * Finds the best shares for a weighted average of domains, whose losses must have the same unit.
   *
   * @param weights weights by domain, not negative and not all 0; they are normalized to a sum of 1
   * @throws MixlawException if no shares meet all bounds and limits
   * @throws IllegalArgumentException if there is no fit for a domain, or if the weights are not
   *     allowed
   */
  public Answer<Proposal> best(Map<String, Double> weights) {
    double sum = weights.values().stream().mapToDouble(Double::doubleValue).sum();
    if (!(sum > 0) || Double.isInfinite(sum) || weights.values().stream().anyMatch(w -> w < 0)) {
      throw new IllegalArgumentException(
          "weights " + weights + "; expected no negative weight and at least one above 0");
    }
    weights.keySet().stream()
        .filter(d -> settings.fits.stream().noneMatch(f -> f.domain().equals(d)))
        .findFirst()
        .ifPresent(
            d -> {
              throw new IllegalArgumentException(
                  "no fit for domain "
                      + d
                      + "; fits exist for "
                      + settings.fits.stream().map(MixtureFit::domain).toList());
            });
    Map<String, Double> exact = new LinkedHashMap<>();
    settings.fits.stream()
        .map(MixtureFit::domain)
        .filter(weights::containsKey)
        .forEach(d -> exact.put(d, weights.get(d) / sum));
    return new ProposalSearch(settings, exact).propose();
  }

  private void requireKnown(String what, Map<String, ?> bySource) {
    List<Problem> problems = new ArrayList<>();
    for (String source : bySource.keySet()) {
      if (!settings.sources().contains(source)) {
        problems.add(
            new Problem(
                what,
                "no source " + source,
                "one of " + settings.sources(),
                "correct the name of the source"));
      }
    }
    if (!problems.isEmpty()) {
      throw new MixlawException(MixlawException.Kind.DESCRIPTION, problems, null);
    }
  }

  private static MixlawException wrong(String what, String actual, String allowed, String setting) {
    return new MixlawException(
        MixlawException.Kind.DESCRIPTION,
        new Problem(
            what, actual, allowed, String.format(Locale.ROOT, "change Proposer.%s", setting)));
  }
}
