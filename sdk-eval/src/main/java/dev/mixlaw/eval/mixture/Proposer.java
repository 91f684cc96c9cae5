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
 * Looks for the best shares under fitted models.
 *
 * <pre>{@code
 * Answer<Proposal> best = Proposer.of(fits).natural(Map.of("web", 0.9, "hq", 0.1)).best("wiki");
 * }</pre>
 *
 * <p>Immutable: each setting returns a new proposer. The same to the last digit for the same fits
 * and seed.
 */
public final class Proposer {
  private final Settings settings;

  /**
   * All that shapes a proposal.
   *
   * @param fits one a domain, of the same runs and resamples
   * @param scale that losses are asked for at
   * @param natural shares of the text as it comes, by source; empty if nobody said
   * @param bounds of shares, by source; others go from 0 to 1
   * @param repeats limits by source, which hold for {@code budget}
   * @param budget training tokens that the limits are for
   * @param seed of the search
   * @param executor where refits are searched; the result does not depend on it
   */
  public record Settings(
      List<MixtureFit> fits,
      TrainingScale scale,
      Optional<Map<String, Double>> natural,
      Map<String, Interval> bounds,
      Map<String, RepeatLimit> repeats,
      Optional<Tokens> budget,
      long seed,
      Executor executor) {
    public Settings {
      fits = List.copyOf(fits);
      Objects.requireNonNull(scale, "scale");
      Objects.requireNonNull(budget, "budget");
      Objects.requireNonNull(executor, "executor");
      natural = natural.map(n -> Collections.unmodifiableMap(new LinkedHashMap<>(n)));
      bounds = Collections.unmodifiableMap(new LinkedHashMap<>(bounds));
      repeats = Collections.unmodifiableMap(new LinkedHashMap<>(repeats));
    }

    /** In the order of all share arrays. */
    public List<String> sources() {
      return fits.get(0).runs().sources();
    }
  }

  private Proposer(Settings settings) {
    this.settings = settings;
  }

  /** A proposer for one domain. */
  public static Proposer of(MixtureFit fit) {
    return of(List.of(fit));
  }

  /**
   * A proposer for several domains, at the largest scale of the runs, with seed 0, in the calling
   * thread.
   *
   * @param fits of the same runs and resamples, with draws
   * @throws IllegalArgumentException if there are none, their sources or draws differ, or they have
   *     no draws
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
          "fits of the same sources with equally many draws needed; got "
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
   * Shares of the text as it comes, a baseline beside every proposal; the mean of the tried shares,
   * with a warning, unless said.
   *
   * @throws MixlawException if a source is unknown, or they do not sum to 1 within 1 %
   */
  public Proposer natural(Map<String, Double> shares) {
    requireKnown("natural shares", shares);
    double sum = shares.values().stream().mapToDouble(Double::doubleValue).sum();
    if (!(Math.abs(sum - 1) <= MixtureRuns.SHARE_TOLERANCE)
        || shares.values().stream().anyMatch(s -> s < 0)) {
      throw wrong(
          "natural shares", shares.toString(), "from 0 to 1, together 1 within 1 %", "natural");
    }
    Map<String, Double> exact = new LinkedHashMap<>();
    settings.sources().forEach(s -> exact.put(s, shares.getOrDefault(s, 0.0) / sum));
    return with(
        settings.scale, Optional.of(exact), settings.bounds, settings.repeats, settings.budget);
  }

  /**
   * Keeps a share within bounds.
   *
   * @throws MixlawException if the source is unknown or the bounds are not in order within 0 and 1
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

  /** Keeps every share within what some run had, where no other bounds are said. */
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
   * Keeps every corpus within its repeats: share · budget &lt;= epochs · unique tokens.
   *
   * @param budget all training tokens
   * @param limits by source; others may be repeated without end
   * @throws MixlawException if a source is unknown
   */
  public Proposer repeatLimits(Tokens budget, Map<String, RepeatLimit> limits) {
    requireKnown("repeat limits", limits);
    return with(settings.scale, settings.natural, settings.bounds, limits, Optional.of(budget));
  }

  /** Size and budget of the losses asked for, where the model takes them. */
  public Proposer at(TrainingScale scale) {
    return with(scale, settings.natural, settings.bounds, settings.repeats, settings.budget);
  }

  /** Of the mixtures that the search begins from. */
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

  /** Where refits are searched; the result does not depend on it. */
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

  public Settings settings() {
    return settings;
  }

  /**
   * The best shares for one domain.
   *
   * @throws MixlawException if no shares meet all bounds and limits
   * @throws IllegalArgumentException if there is no fit of the domain
   */
  public Answer<Proposal> best(String domain) {
    return best(Map.of(domain, 1.0));
  }

  /**
   * The best shares for a weighted average of domains, whose losses must be of one unit.
   *
   * @param weights by domain, at or above 0 and not all 0; brought to a sum of 1
   * @throws MixlawException if no shares meet all bounds and limits
   * @throws IllegalArgumentException if there is no fit of a domain, or no weight
   */
  public Answer<Proposal> best(Map<String, Double> weights) {
    double sum = weights.values().stream().mapToDouble(Double::doubleValue).sum();
    if (!(sum > 0) || Double.isInfinite(sum) || weights.values().stream().anyMatch(w -> w < 0)) {
      throw new IllegalArgumentException(
          "weights " + weights + "; needed: at or above 0, not all 0");
    }
    weights.keySet().stream()
        .filter(d -> settings.fits.stream().noneMatch(f -> f.domain().equals(d)))
        .findFirst()
        .ifPresent(
            d -> {
              throw new IllegalArgumentException(
                  "no fit of domain "
                      + d
                      + "; there are "
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
                "the name of the source"));
      }
    }
    if (!problems.isEmpty()) {
      throw new MixlawException(MixlawException.Kind.DESCRIPTION, problems, null);
    }
  }

  private static MixlawException wrong(String what, String actual, String allowed, String setting) {
    return new MixlawException(
        MixlawException.Kind.DESCRIPTION,
        new Problem(what, actual, allowed, String.format(Locale.ROOT, "Proposer.%s", setting)));
  }
}
