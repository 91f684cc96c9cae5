package dev.mixlaw.eval.mixture;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.api.internal.Threads;
import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.Interval;
import dev.mixlaw.api.units.Params;
import dev.mixlaw.api.units.Tokens;
import dev.mixlaw.eval.stats.NonNegativeLeastSquares;
import dev.mixlaw.eval.stats.Quantiles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

final class ProposalSearch {
  private static final int RANDOM_MIXTURES = 2000;
  private static final int STARTS = 3;

  /**
   * Number of starting points of the search for each refit, which are the mixtures in the pool with
   * the lowest loss according to the original fit.
   */
  private static final int PLACES = 200;

  /** Number of shares on each side of a best share whose loss is compared with the lowest loss. */
  private static final int STEPS = 40;

  /** Largest distance from the convex hull of the measured mixtures that causes no warning. */
  private static final double HULL_TOLERANCE = 0.01;

  private final Proposer settings;
  private final Map<String, Double> weights;
  private final List<String> sources;
  private final MixtureRuns runs;
  private final WeightedLoss blend;
  private final ShareBounds box;
  private final double[] uniform;
  private final double[] natural;
  private final Set<String> warnings = new LinkedHashSet<>();

  ProposalSearch(Proposer settings, Map<String, Double> weights) {
    this.settings = settings;
    this.weights = weights;
    sources = settings.sources();
    runs = settings.fits.get(0).runs();
    blend = new WeightedLoss(settings.fits, weights, settings.scale);
    box = box();
    uniform = new double[sources.size()];
    Arrays.fill(uniform, 1.0 / sources.size());
    natural =
        settings
            .natural
            .map(n -> sources.stream().mapToDouble(n::get).toArray())
            .orElseGet(runs::meanShares);
  }

  private ShareBounds box() {
    double[] low = new double[sources.size()];
    double[] high = new double[sources.size()];
    for (int j = 0; j < low.length; j++) {
      String source = sources.get(j);
      Interval bounds = settings.bounds.getOrDefault(source, new Interval(0, 1));
      low[j] = bounds.low();
      high[j] = Math.min(bounds.high(), settings.largest.getOrDefault(source, 1.0));
    }
    ShareBounds box = new ShareBounds(low, high);
    if (!box.feasible()) {
      String allowed =
          IntStream.range(0, low.length)
              .mapToObj(
                  j ->
                      Texts.format(
                          "%s %.1f to %.1f %%", sources.get(j), 100 * low[j], 100 * high[j]))
              .collect(Collectors.joining(", "));
      throw MixlawException.description(
          "bounds and repeat limits",
          "no shares satisfy all of these limits: " + allowed,
          "low <= high for each source, lower bounds that sum to at most 1, and upper bounds that sum to at least 1",
          "change Proposer.within, or use a smaller budget, more epochs or more text in Proposer.repeatLimits");
    }
    return box;
  }

  Answer<Proposal> propose() {
    double beyond = beyond();
    String outside =
        Texts.format(
            "the model size or budget is outside the measured range by a factor of %.0f", beyond);
    if (beyond > 100) {
      return Answer.refused(question(), outside, "add runs closer to this model size and budget");
    }
    if (beyond > 10) {
      warnings.add(outside);
    }
    settings.fits.stream()
        .filter(f -> weights.getOrDefault(f.domain(), 0.0) > 0)
        .map(MixtureFit::warnings)
        .forEach(warnings::addAll);
    settings.fits.stream()
        .filter(f -> !f.parameters().isEmpty())
        .map(f -> "the intervals hold only if the formula of model %s does".formatted(f.model()))
        .forEach(warnings::add);
    if (settings.natural.isEmpty()) {
      warnings.add("the natural shares are unknown, so the mean shares of the runs are used");
    }
    List<double[]> anchors = new ArrayList<>(List.of(uniform, natural));
    runs.byMixture().forEach(places -> anchors.add(runs.rows().get(places[0]).shares()));
    ShareOptimizer search = new ShareOptimizer(box, anchors, RANDOM_MIXTURES, settings.seed);
    double[] best = search.lowest(blend.surface(), STARTS);
    if (Double.isInfinite(blend.loss(best))) {
      return Answer.refused(
          question(),
          "the model is not defined at any allowed shares",
          "use other bounds or another model");
    }
    List<double[]> places = new ArrayList<>(List.of(best));
    places.addAll(search.best(blend.surface(), PLACES));
    List<double[]> bests =
        Threads.all(
            IntStream.range(0, blend.draws())
                .mapToObj(r -> (Supplier<double[]>) () -> search.lowestNear(blend.draw(r), places))
                .toList(),
            settings.executor);
    double[] atBest = blend.draws(best);
    List<Interval> flat =
        Threads.all(
            IntStream.range(0, best.length)
                .mapToObj(j -> (Supplier<Interval>) () -> asGood(best, atBest, j))
                .toList(),
            settings.executor);
    List<Proposal.Part> parts = new ArrayList<>();
    for (int j = 0; j < best.length; j++) {
      int source = j;
      parts.add(
          new Proposal.Part(
              sources.get(j),
              best[j],
              Quantiles.interval95(bests.stream().mapToDouble(b -> b[source]).toArray()),
              flat.get(j),
              new Interval(box.low()[j], box.high()[j])));
    }
    List<Proposal.Baseline> baselines =
        Stream.of(
                baseline(Proposal.NATURAL, natural, best, atBest),
                baseline(Proposal.UNIFORM, uniform, best, atBest))
            .flatMap(Optional::stream)
            .toList();
    warnBeyondTried(best);
    Estimate loss = new Estimate(blend.loss(best), Quantiles.interval95(atBest));
    if (loss.value() < loss.interval().low()) {
      warnings.add(
          "the predicted loss is below its own interval, because the search favours errors of the fit that lower the loss; use the interval");
    }
    return Answer.known(
        new Proposal(
            settings.fits.get(0).model(),
            target(),
            weights,
            settings.scale,
            parts,
            loss,
            baselines,
            List.copyOf(warnings)));
  }

  private String target() {
    List<String> names =
        weights.entrySet().stream()
            .filter(e -> e.getValue() > 0)
            .map(
                e ->
                    weights.size() == 1
                        ? e.getKey()
                        : Texts.format("%.2f %s", e.getValue(), e.getKey()))
            .toList();
    boolean even = weights.values().stream().distinct().count() == 1;
    return even && weights.size() > 2
        ? "the mean of " + weights.size() + " domains"
        : String.join(" + ", names);
  }

  private String question() {
    return "best shares for " + target() + " at " + settings.scale;
  }

  private double beyond() {
    return Math.max(
        ratio(
            settings.scale.params().map(Params::count),
            runs.rows().stream().flatMap(r -> r.scale().params().stream()).map(Params::count)),
        ratio(
            settings.scale.tokens().map(Tokens::count),
            runs.rows().stream().flatMap(r -> r.scale().tokens().stream()).map(Tokens::count)));
  }

  /** Returns the factor by which a value is outside the measured range, or 1 if it is inside. */
  private static double ratio(Optional<Long> asked, Stream<Long> measured) {
    long[] all = measured.mapToLong(Long::longValue).sorted().toArray();
    if (asked.isEmpty() || all.length == 0) {
      return 1;
    }
    double value = asked.get();
    return Math.max(1, Math.max(value / all[all.length - 1], all[0] / value));
  }

  /**
   * Returns the range around a best share in which the loss does not differ significantly from the
   * lowest loss. The other shares are changed in proportion.
   */
  private Interval asGood(double[] best, double[] atBest, int source) {
    double[] proportions = new double[best.length];
    Arrays.setAll(
        proportions, j -> best[j] + 1e-6 * (natural[j] + 1e-3)); // defined if all others are 0
    double[] reached = {best[source], best[source]};
    double[] bounds = {
      Math.max(box.low()[source], 1 - sumOfOthers(box.high(), source)),
      Math.min(box.high()[source], 1 - sumOfOthers(box.low(), source))
    };
    for (int side = 0; side < 2; side++) {
      for (int step = 1; step <= STEPS; step++) {
        double share = best[source] + (bounds[side] - best[source]) * step / STEPS;
        double[] there = blend.draws(box.proportional(proportions, source, share));
        Arrays.setAll(there, r -> there[r] - atBest[r]);
        if (Arrays.stream(there).anyMatch(d -> !Double.isFinite(d))
            || Quantiles.interval95(there).low() > 0) {
          break;
        }
        reached[side] = share;
      }
    }
    return new Interval(Math.min(reached[0], reached[1]), Math.max(reached[0], reached[1]));
  }

  private static double sumOfOthers(double[] values, int source) {
    return Arrays.stream(values).sum() - values[source];
  }

  private Optional<Proposal.Baseline> baseline(
      String name, double[] shares, double[] best, double[] atBest) {
    double[] draws = blend.draws(shares);
    if (Double.isInfinite(blend.loss(shares))
        || Arrays.stream(draws).anyMatch(d -> !Double.isFinite(d))) {
      warnings.add("the model is not defined at the " + name + " mixture");
      return Optional.empty();
    }
    double[] difference = new double[draws.length];
    Arrays.setAll(difference, r -> atBest[r] - draws[r]);
    Interval interval = Quantiles.interval95(difference);
    if (interval.contains(0)) {
      warnings.add("no significant difference between the proposal and the " + name + " mixture");
    }
    if (!box.contains(shares)) {
      warnings.add("the " + name + " mixture itself does not meet the bounds and repeat limits");
    }
    Map<String, Double> named = new LinkedHashMap<>();
    for (int j = 0; j < shares.length; j++) {
      named.put(sources.get(j), shares[j]);
    }
    return Optional.of(
        new Proposal.Baseline(
            name,
            named,
            new Estimate(blend.loss(shares), Quantiles.interval95(draws)),
            new Estimate(blend.loss(best) - blend.loss(shares), interval)));
  }

  private void warnBeyondTried(double[] best) {
    double[][] tried = runs.shares();
    List<String> beyond = new ArrayList<>();
    for (int j = 0; j < best.length; j++) {
      int source = j;
      double least = Arrays.stream(tried).mapToDouble(s -> s[source]).min().orElseThrow();
      double most = Arrays.stream(tried).mapToDouble(s -> s[source]).max().orElseThrow();
      if (best[j] < least - 1e-6 || best[j] > most + 1e-6) {
        beyond.add(
            Texts.format(
                "%s at %.1f %%, measured from %.1f to %.1f %%",
                sources.get(j), 100 * best[j], 100 * least, 100 * most));
      }
    }
    if (!beyond.isEmpty()) {
      warnings.add(
          "the proposal is outside the range of measured shares: " + String.join("; ", beyond));
    }
    double distance = hullDistance(tried, best);
    if (distance > HULL_TOLERANCE) {
      warnings.add(
          Texts.format(
              "the proposal is outside the convex hull of the measured mixtures (distance %.2f), so the model extrapolates",
              distance));
    }
  }

  /**
   * Returns the Euclidean distance from a point to the convex hull of other points. The distance is
   * the solution of non-negative least squares, in which a heavily weighted equation makes the
   * weights sum to 1.
   */
  static double hullDistance(double[][] points, double[] target) {
    double heavy = 1e5;
    int n = points.length;
    double[] gram = new double[n * n];
    double[] right = new double[n];
    for (int i = 0; i < n; i++) {
      right[i] = heavy + dot(points[i], target);
      for (int k = 0; k < n; k++) {
        gram[i * n + k] = heavy + dot(points[i], points[k]);
      }
    }
    double[] weights = NonNegativeLeastSquares.solve(gram, right);
    double[] gap = target.clone();
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < gap.length; j++) {
        gap[j] -= weights[i] * points[i][j];
      }
    }
    return Math.sqrt(dot(gap, gap));
  }

  private static double dot(double[] a, double[] b) {
    return IntStream.range(0, a.length).mapToDouble(j -> a[j] * b[j]).sum();
  }
}
