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
 * Finds the shares with the lowest loss according to fitted models.
 *
 * <pre>{@code
 * Answer<Proposal> best = Proposer.of(fits).natural(Map.of("web", 0.9, "hq", 0.1)).best("wiki");
 * }</pre>
 *
 * <p>A proposer is immutable, and each setter returns a new proposer. The same fits and seed give
 * bit-identical results.
 */
public final class Proposer implements Cloneable {
  final List<MixtureFit> fits;

  TrainingScale scale;
  Optional<Map<String, Double>> natural = Optional.empty();
  Map<String, Interval> bounds = Map.of();

  /** Map from source to the largest share that the repeat limits allow. */
  Map<String, Double> largest = Map.of();

  long seed;
  Executor executor = Runnable::run;

  private Proposer(List<MixtureFit> fits) {
    this.fits = List.copyOf(fits);
    scale = fits.get(0).runs().largestScale();
  }

  private Proposer with(Consumer<Proposer> change) {
    try {
      Proposer copy = (Proposer) clone();
      change.accept(copy);
      return copy;
    } catch (CloneNotSupportedException e) {
      throw new AssertionError(e);
    }
  }

  List<String> sources() {
    return fits.get(0).runs().sources();
  }

  /** Returns a proposer for one domain. */
  public static Proposer of(MixtureFit fit) {
    return of(List.of(fit));
  }

  /**
   * Returns a proposer for several domains. By default, it predicts losses at the largest scale of
   * the runs, with seed 0, in the calling thread.
   *
   * @param fits fits with draws, which all use the same runs and resamples
   * @throws IllegalArgumentException if there are no fits, if a fit has no draws, or if the fits
   *     differ in sources or number of draws
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
      throw MixlawException.description(
          "natural shares",
          shares.toString(),
          "shares from 0 to 1 with a sum within 1 % of 1",
          "change Proposer.natural");
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
      throw MixlawException.description(
          "bounds of " + source,
          low + " to " + high,
          "0 <= low <= high <= 1",
          "change Proposer.within");
    }
    Map<String, Interval> all = new LinkedHashMap<>(bounds);
    all.put(source, new Interval(low, high));
    return with(p -> p.bounds = all);
  }

  /** Limits every share without explicit bounds to its range in the runs. */
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
   * Limits the number of epochs over each given source: share · budget &lt;= epochs · unique
   * tokens. All other sources may be repeated without limit.
   *
   * @param unique map from source to its number of distinct tokens
   * @param epochs largest number of times that each token may be trained on, finite and above 0
   * @throws MixlawException if a source is unknown, or if the number of epochs is not allowed
   */
  public Proposer repeatLimits(Map<String, Tokens> unique, Tokens budget, double epochs) {
    requireKnown("repeat limits", unique);
    if (!(epochs > 0) || Double.isInfinite(epochs)) {
      throw MixlawException.description(
          "epochs", "" + epochs, "a finite number above 0", "change Proposer.repeatLimits");
    }
    Map<String, Double> shares = new LinkedHashMap<>();
    unique.forEach((s, u) -> shares.put(s, Math.min(1, epochs * u.count() / budget.count())));
    return with(p -> p.largest = shares);
  }

  /**
   * Limits the number of epochs over each corpus of a study whose token count is known. Its token
   * count is reduced by one percent, because runs consist of whole sequences.
   *
   * @param epochs largest number of times that each token may be trained on, as in {@code
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

  /**
   * Sets the model size and budget at which losses are predicted. Models that depend only on shares
   * ignore this setting. Default: the largest scale of the runs.
   */
  public Proposer at(TrainingScale scale) {
    return with(p -> p.scale = scale);
  }

  /** Sets the seed of the random mixtures from which the search starts. Default: 0. */
  public Proposer seed(long seed) {
    return with(p -> p.seed = seed);
  }

  /**
   * Sets the executor that runs the refits. It does not affect the result. Default: the calling
   * thread.
   */
  public Proposer executor(Executor executor) {
    return with(p -> p.executor = executor);
  }

  /**
   * Finds the shares with the lowest loss on one domain.
   *
   * @throws MixlawException if no shares meet all bounds and limits
   * @throws IllegalArgumentException if there is no fit for the domain
   */
  public Answer<Proposal> best(String domain) {
    return best(Map.of(domain, 1.0));
  }

  /**
   * Finds the shares with the lowest weighted average loss over domains, whose losses must have the
   * same unit.
   *
   * @param weights map from domain to weight; weights must be non-negative and not all 0, and are
   *     normalized to a sum of 1
   * @throws MixlawException if no shares meet all bounds and limits
   * @throws IllegalArgumentException if there is no fit for a domain, or if the weights are invalid
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
                  "no fit for domain %s; fits exist for %s"
                      .formatted(d, fits.stream().map(MixtureFit::domain).toList()));
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
    MixlawException.throwIfAny(MixlawException.Kind.DESCRIPTION, problems);
  }
}
