package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.BestShare;
import dev.mixlaw.api.results.BestShare.Basis;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.Interval;
import dev.mixlaw.api.units.Params;
import dev.mixlaw.api.units.Tokens;
import dev.mixlaw.eval.analysis.LossPredictor.LossDistribution;
import dev.mixlaw.eval.stats.Quantiles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * Finds the share of a corpus with the lowest loss, or with the best value of another metric. The
 * candidates are the shares that were run or that a law covers.
 *
 * <p>The interval of the best share extends from the 2.5th to the 97.5th percentile over the draws.
 * A share is equally good if its loss is not significantly higher. The loss is not significantly
 * higher if the 95 % interval of the difference contains 0, where each draw uses the same documents
 * for both losses. In simulated studies, the corpus with the lowest loss among six was selected.
 * Its interval and its range of equally good shares contained the true best share in 93 to 97.5 %
 * of cases ({@code BENCHMARKS.md}).
 */
final class BestShareCalculator {
  static final String REMEDY =
      "add mixtures of this corpus with the corpora of the baseline, at two or more shares (Mixture.grid)";

  /** If there are more shares than this, only losses at multiples of 5 % are listed. */
  private static final int FEW = 30;

  private BestShareCalculator() {}

  static List<BestShare> measured(StudyGrid grid, LossSeries series, List<MixturesByShare> axes) {
    List<BestShare> all = new ArrayList<>();
    for (MixturesByShare axis : axes) {
      for (StudyGrid.Model model : grid.models()) {
        for (Tokens budget : grid.budgets()) {
          NavigableMap<Double, LossDistribution> losses =
              measuredAt(grid, series, axis, model, budget);
          if (losses.size() > 1) {
            all.add(best(grid, axis.corpus(), series.domain(), model.params(), budget, losses));
          }
        }
      }
    }
    return all;
  }

  /** Returns a map from share to measured loss at one point of the grid. */
  static NavigableMap<Double, LossDistribution> measuredAt(
      StudyGrid grid,
      LossSeries series,
      MixturesByShare axis,
      StudyGrid.Model model,
      Tokens budget) {
    NavigableMap<Double, LossDistribution> losses = new TreeMap<>();
    axis.mixtures()
        .forEach(
            (share, mixture) ->
                grid.cell(mixture, model, budget)
                    .ifPresent(
                        c ->
                            losses.put(
                                share,
                                new LossDistribution(
                                    series.value(c), series.draws(c), Basis.MEASURED, List.of()))));
    return losses;
  }

  /**
   * Returns the best share at any model size and budget. If all mixtures were run at this point,
   * the best share is measured. Otherwise it is predicted by laws. If a law could not be fitted,
   * the best share is chosen among the shares that were run at this point.
   */
  static Answer<BestShare> at(
      LossPredictor predictor, String corpus, Params params, Tokens tokens) {
    String question = "best share of " + corpus + " at N=" + params + ", D=" + tokens;
    MixturesByShare axis = MixturesByShare.of(predictor.grid(), corpus);
    if (axis.mixtures().size() < 2) {
      return Answer.refused(
          question,
          "fewer than two mixtures differ from the baseline %s only in the share of %s"
              .formatted(predictor.grid().baseline(), corpus),
          REMEDY);
    }
    NavigableMap<Double, LossDistribution> measured =
        predictor
            .model(params)
            .flatMap(
                m ->
                    predictor
                        .budget(tokens)
                        .map(b -> measuredAt(predictor.grid(), predictor.series(), axis, m, b)))
            .orElseGet(TreeMap::new);
    if (measured.size() == axis.mixtures().size()) {
      return ofMeasured(predictor, axis, params, tokens, measured);
    }
    NavigableMap<Double, LossDistribution> fitted = new TreeMap<>();
    Set<String> warnings = new LinkedHashSet<>();
    for (Map.Entry<Double, String> e : axis.mixtures().entrySet()) {
      Answer<LossDistribution> loss = predictor.fitted(e.getValue(), params, tokens);
      if (!loss.isKnown()) {
        return measured.size() > 1
            ? ofMeasured(predictor, axis, params, tokens, measured)
            : loss.toRefusal()
                .map(r -> Answer.<BestShare>refused(question, r.reason(), r.remedy()))
                .orElseThrow();
      }
      LossDistribution p = loss.orElseThrow();
      fitted.put(e.getKey(), p);
      warnings.addAll(p.warnings());
    }
    return Answer.known(
        best(predictor.grid(), corpus, predictor.series().domain(), params, tokens, fitted),
        List.copyOf(warnings));
  }

  private static Answer<BestShare> ofMeasured(
      LossPredictor predictor,
      MixturesByShare axis,
      Params params,
      Tokens tokens,
      NavigableMap<Double, LossDistribution> measured) {
    List<String> warnings =
        axis.mixtures().entrySet().stream()
            .filter(e -> !measured.containsKey(e.getKey()))
            .map(e -> e.getValue() + " is left out: it has neither a run nor a law at this point")
            .toList();
    Params size = predictor.model(params).orElseThrow().params();
    return Answer.known(
        best(predictor.grid(), axis.corpus(), predictor.series().domain(), size, tokens, measured),
        warnings);
  }

  static BestShare best(
      StudyGrid grid,
      String corpus,
      String domain,
      Params params,
      Tokens tokens,
      NavigableMap<Double, LossDistribution> losses) {
    double best = lowest(losses, d -> grid.sign() * d.value());
    double[] draws = new double[losses.get(best).draws().length];
    Arrays.setAll(draws, r -> lowest(losses, d -> grid.sign() * d.draws()[r]));
    double low = best;
    double high = best;
    boolean noiseKnown = true;
    Map<Double, Estimate> lossByShare = new TreeMap<>();
    for (Map.Entry<Double, LossDistribution> e : losses.entrySet()) {
      if (e.getKey() == best || losses.size() <= FEW || onScale(e.getKey())) {
        lossByShare.put(e.getKey(), e.getValue().estimate());
      }
      Interval difference = LossSeries.difference95(e.getValue().draws(), losses.get(best).draws());
      noiseKnown &= e.getKey() == best || Double.isFinite(difference.low());
      if (difference.contains(0)) {
        low = Math.min(low, e.getKey());
        high = Math.max(high, e.getKey());
      }
    }
    return new BestShare(
        corpus,
        domain,
        params,
        tokens,
        best,
        noiseKnown ? Quantiles.interval95(draws) : new Interval(low, high),
        new Interval(low, high),
        lossByShare,
        losses.get(best).basis());
  }

  /** Returns whether a share is a multiple of 5 %. Such shares are dense enough for a curve. */
  private static boolean onScale(double share) {
    return Math.abs(20 * share - Math.rint(20 * share)) < 1e-6;
  }

  private static double lowest(
      NavigableMap<Double, LossDistribution> losses, ToDoubleFunction<LossDistribution> loss) {
    return losses.entrySet().stream()
        .min(Comparator.comparingDouble(e -> loss.applyAsDouble(e.getValue())))
        .orElseThrow()
        .getKey();
  }

  /**
   * Mixtures that differ only in the share of one corpus. The remainder of each mixture consists of
   * the corpora of the baseline, in the proportions of the baseline.
   *
   * @param mixtures map from the share of the corpus to the name of the mixture
   */
  record MixturesByShare(String corpus, NavigableMap<Double, String> mixtures) {
    private static final double TOLERANCE = 1e-6;

    static List<MixturesByShare> all(StudyGrid grid) {
      return grid.corpora().stream()
          .map(corpus -> of(grid, corpus))
          .filter(a -> a.mixtures().size() > 1)
          .toList();
    }

    static MixturesByShare of(StudyGrid grid, String corpus) {
      Map<String, Double> baseline =
          rest(grid.shares().getOrDefault(grid.baseline(), Map.of()), corpus);
      NavigableMap<Double, String> mixtures = new TreeMap<>();
      grid.shares()
          .forEach(
              (name, shares) -> {
                if (same(rest(shares, corpus), baseline)) {
                  mixtures.putIfAbsent(shares.getOrDefault(corpus, 0.0), name);
                }
              });
      return new MixturesByShare(corpus, Collections.unmodifiableNavigableMap(mixtures));
    }

    /**
     * Returns the proportions of the corpora in the baseline, without those whose shares the grid
     * varies. The proportions sum to 1.
     */
    Map<String, Double> rest(StudyGrid grid) {
      return rest(grid.shares().getOrDefault(grid.baseline(), Map.of()), corpus);
    }

    /** Returns the proportions of all other corpora, or an empty map if there are none. */
    private static Map<String, Double> rest(Map<String, Double> shares, String corpus) {
      Map<String, Double> rest = new HashMap<>(shares);
      rest.remove(corpus);
      rest.values().removeIf(s -> s <= 0);
      double sum = rest.values().stream().mapToDouble(Double::doubleValue).sum();
      rest.replaceAll((c, s) -> s / sum);
      return rest;
    }

    private static boolean same(Map<String, Double> rest, Map<String, Double> baseline) {
      return rest.isEmpty()
          || (rest.keySet().equals(baseline.keySet())
              && rest.keySet().stream()
                  .allMatch(c -> Math.abs(rest.get(c) - baseline.get(c)) <= TOLERANCE));
    }
  }
}
