package dev.mixlaw.eval.mixture;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.Interval;
import dev.mixlaw.api.results.TextFacts;
import dev.mixlaw.api.units.Tokens;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

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
public final class Proposer implements Cloneable {
  /** One fit per domain, all to the same runs and resamples. */
  final List<MixtureFit> fits;

  TrainingScale scale;
  Optional<Map<String, Double>> natural = Optional.empty();
  Map<String, Interval> bounds = Map.of();

  /** Largest shares that the repeat limits allow, by source. */
  Map<String, Double> largest = Map.of();

  long seed;
  Executor executor = Runnable::run;

  private Proposer(List<MixtureFit> fits) {
    this.fits = List.copyOf(fits);
    scale = fits.get(0).runs().largestScale();
  }

  /** Returns a copy with a change. */
  private Proposer with(Consumer<Proposer> change) {
    try {
      Proposer copy = (Proposer) clone();
      change.accept(copy);
      return copy;
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
  }

  /** Returns the sources, in the order in which all arrays of shares list them. */
  List<String> sources() {
    return fits.get(0).runs().sources();
  }

  /** Returns a proposer for one domain. */
  public static Proposer of(MixtureFit fit) {
    return of(List.of(fit));
  }

  /**
   * Returns a proposer for several domains with the defaults: the largest scale of the runs, seed
   * 0, and the calling thread as executor.
   *
   * @param fits fits with draws, all to the same runs and resamples
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
    return new Proposer(fits);
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
    sources().forEach(s -> exact.put(s, shares.getOrDefault(s, 0.0) / sum));
    return with(p -> p.natural = Optional.of(exact));
  }

  /**
   * Sets the bounds of a source's share. Default: 0 to 1.
   *
   * @throws MixlawException if the source is unknown, or if the bounds do not satisfy 0 &lt;= low
   *     &lt;= high &lt;= 1
   */
  public Proposer within(String source, double low, double high) {
    requireKnown("bounds", Map.of(source, low));
    if (!(0 <= low && low <= high && high <= 1)) {
      throw wrong("bounds of " + source, low + " to " + high, "0 <= low <= high <= 1", "within");
    }
    Map<String, Interval> all = new LinkedHashMap<>(bounds);
    all.put(source, new Interval(low, high));
    return with(p -> p.bounds = all);
  }

  /** Limits every share for which no bounds were set to its range in the runs. */
  public Proposer withinTried() {
    Map<String, Interval> all = new LinkedHashMap<>();
    double[][] tried = fits.get(0).runs().shares();
    for (int j = 0; j < sources().size(); j++) {
      int source = j;
      DoubleSummaryStatistics range =
          Arrays.stream(tried).mapToDouble(s -> s[source]).summaryStatistics();
      all.put(sources().get(j), new Interval(range.getMin(), range.getMax()));
    }
    all.putAll(bounds);
    return with(p -> p.bounds = all);
  }

  /**
   * Limits the repeats of sources: share · budget &lt;= epochs · unique tokens. Other sources may
   * repeat without limit.
   *
   * @param unique number of distinct tokens by source
   * @param budget training tokens
   * @param epochs largest number of times each token may be trained on; finite and above 0
   * @throws MixlawException if a source is unknown, or if the number of epochs is not allowed
   */
  public Proposer repeatLimits(Map<String, Tokens> unique, Tokens budget, double epochs) {
    requireKnown("repeat limits", unique);
    if (!(epochs > 0) || Double.isInfinite(epochs)) {
      throw wrong("epochs", "" + epochs, "a finite number above 0", "repeatLimits");
    }
    Map<String, Double> shares = new LinkedHashMap<>();
    unique.forEach((s, u) -> shares.put(s, Math.min(1, epochs * u.count() / budget.count())));
    return with(p -> p.largest = shares);
  }

  /**
   * Limits the repeats of every corpus of a study whose token count is known. One percent of the
   * tokens is subtracted, because runs consist of whole sequences.
   *
   * @param text amount of text in each corpus
   * @param budget training tokens
   * @param epochs largest number of times each token may be trained on, as in {@code
   *     Study.maxRepeats}
   * @throws MixlawException if a corpus is not a source, or if the number of epochs is not allowed
   */
  public Proposer repeatLimits(List<TextFacts> text, Tokens budget, double epochs) {
    Map<String, Tokens> unique = new LinkedHashMap<>();
    for (TextFacts corpus : text) {
      long tokens = (long) (0.99 * corpus.tokens());
      if (tokens > 0) {
        unique.put(corpus.name(), Tokens.tokens(tokens));
      }
    }
    return repeatLimits(unique, budget, epochs);
  }

  /** Sets the model size and budget at which losses are predicted, for models that use them. */
  public Proposer at(TrainingScale scale) {
    return with(p -> p.scale = scale);
  }

  /** Sets the seed of the mixtures that the search starts from. Default: 0. */
  public Proposer seed(long seed) {
    return with(p -> p.seed = seed);
  }

  /**
   * Sets the executor that runs the refits. The result does not depend on the executor. Default:
   * the calling thread.
   */
  public Proposer executor(Executor executor) {
    return with(p -> p.executor = executor);
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
        .filter(d -> fits.stream().noneMatch(f -> f.domain().equals(d)))
        .findFirst()
        .ifPresent(
            d -> {
              throw new IllegalArgumentException(
                  "no fit for domain "
                      + d
                      + "; fits exist for "
                      + fits.stream().map(MixtureFit::domain).toList());
            });
    Map<String, Double> exact = new LinkedHashMap<>();
    fits.stream()
        .map(MixtureFit::domain)
        .filter(weights::containsKey)
        .forEach(d -> exact.put(d, weights.get(d) / sum));
    return new ProposalSearch(this, exact).propose();
  }

  private void requireKnown(String what, Map<String, ?> bySource) {
    List<Problem> problems =
        bySource.keySet().stream()
            .filter(source -> !sources().contains(source))
            .map(
                source ->
                    new Problem(
                        what,
                        "no source " + source,
                        "one of " + sources(),
                        "correct the name of the source"))
            .toList();
    if (!problems.isEmpty()) {
      throw new MixlawException(MixlawException.Kind.DESCRIPTION, problems, null);
    }
  }

  private static MixlawException wrong(String what, String actual, String allowed, String setting) {
    return new MixlawException(
        MixlawException.Kind.DESCRIPTION,
        new Problem(what, actual, allowed, "change Proposer." + setting));
  }
}
