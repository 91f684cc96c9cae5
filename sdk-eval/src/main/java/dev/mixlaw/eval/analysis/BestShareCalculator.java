package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.BestShare;
import dev.mixlaw.api.results.BestShare.Basis;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.Interval;
import dev.mixlaw.api.results.Refusal;
import dev.mixlaw.api.units.Params;
import dev.mixlaw.api.units.Tokens;
import dev.mixlaw.eval.stats.Quantiles;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which share of a corpus has the lowest loss, of those that were run or that a law tells of.
 *
 * <p>The interval holds the best shares of the middle 95 % of draws. A share is as good as the best
 * if the interval of its loss minus the best's, draw by draw on the same documents, contains 0.
 */
final class BestShareCalculator {
  private static final String REMEDY =
      "mixtures of it with the baseline's corpora alone, at two shares or more: Mixture.grid";

  /** Up to so many shares, each loss is told; of more, as a law has them, some. */
  private static final int FEW = 30;

  private BestShareCalculator() {}

  /** Measured best shares of one series at every model and budget. */
  static List<BestShare> measured(StudyGrid grid, LossSeries series, List<MixturesByShare> axes) {
    List<BestShare> all = new ArrayList<>();
    for (MixturesByShare axis : axes) {
      for (StudyGrid.Model model : grid.models()) {
        for (Tokens budget : grid.budgets()) {
          NavigableMap<Double, LossDistribution> losses =
              measuredAt(grid, series, axis, model, budget);
          if (losses.size() > 1) {
            all.add(best(axis.corpus(), series.domain(), model.params(), budget, losses));
          }
        }
      }
    }
    return all;
  }

  /** Measured losses by share at one point of the grid. */
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

  /** The best share at any size and budget: measured if all shares were measured there. */
  static Answer<BestShare> at(
      LossPredictor predictor, String corpus, Params params, Tokens tokens) {
    String question = "best share of " + corpus + " at N=" + params + ", D=" + tokens;
    MixturesByShare axis = MixturesByShare.of(predictor.grid(), corpus);
    if (axis.mixtures().size() < 2) {
      return Answer.refused(
          question,
          "its share does not vary among mixtures that differ in nothing else from the baseline "
              + predictor.grid().baseline(),
          REMEDY);
    }
    NavigableMap<Double, LossDistribution> measured = new TreeMap<>();
    axis.mixtures()
        .forEach(
            (share, mixture) ->
                predictor
                    .measured(mixture, params, tokens)
                    .flatMap(Answer::toOptional)
                    .ifPresent(p -> measured.put(share, p)));
    if (measured.size() == axis.mixtures().size()) {
      return ofMeasured(predictor, axis, params, tokens, measured);
    }
    NavigableMap<Double, LossDistribution> fitted = new TreeMap<>();
    Set<String> warnings = new LinkedHashSet<>();
    for (Map.Entry<Double, String> e : axis.mixtures().entrySet()) {
      Answer<LossDistribution> loss = predictor.fitted(e.getValue(), params, tokens);
      if (loss instanceof Answer.Refused<LossDistribution> refused) {
        Refusal why = refused.refusal();
        return measured.size() > 1
            ? ofMeasured(predictor, axis, params, tokens, measured)
            : Answer.refused(question, why.reason(), why.remedy());
      }
      LossDistribution p = loss.orElseThrow();
      fitted.put(e.getKey(), p);
      warnings.addAll(p.warnings());
    }
    return new Answer.Known<>(
        best(corpus, predictor.series().domain(), params, tokens, fitted), List.copyOf(warnings));
  }

  /** Of the shares that were measured at the very point; the others are named. */
  private static Answer<BestShare> ofMeasured(
      LossPredictor predictor,
      MixturesByShare axis,
      Params params,
      Tokens tokens,
      NavigableMap<Double, LossDistribution> measured) {
    List<String> warnings = new ArrayList<>();
    axis.mixtures()
        .forEach(
            (share, mixture) -> {
              if (!measured.containsKey(share)) {
                warnings.add(mixture + " is left out: neither a run nor a law of it is there");
              }
            });
    Params size = predictor.model(params).orElseThrow().params();
    return new Answer.Known<>(
        best(axis.corpus(), predictor.series().domain(), size, tokens, measured), warnings);
  }

  /** The share of the lowest loss, with its interval and those that are as good. */
  static BestShare best(
      String corpus,
      String domain,
      Params params,
      Tokens tokens,
      NavigableMap<Double, LossDistribution> losses) {
    double best = lowest(losses, Optional.empty());
    double[] draws = new double[losses.get(best).draws().length];
    for (int r = 0; r < draws.length; r++) {
      draws[r] = lowest(losses, Optional.of(r));
    }
    double low = best;
    double high = best;
    boolean noiseKnown = true;
    Map<Double, Estimate> lossByShare = new TreeMap<>();
    for (Map.Entry<Double, LossDistribution> e : losses.entrySet()) {
      if (e.getKey() == best || losses.size() <= FEW || onScale(e.getKey())) {
        lossByShare.put(e.getKey(), e.getValue().estimate());
      }
      Interval behind = LossSeries.behind(e.getValue().draws(), losses.get(best).draws());
      noiseKnown &= e.getKey() == best || Double.isFinite(behind.low());
      if (behind.contains(0)) {
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

  /** Every twentieth: enough to draw a curve. */
  private static boolean onScale(double share) {
    return Math.abs(20 * share - Math.rint(20 * share)) < 1e-6;
  }

  private static double lowest(
      NavigableMap<Double, LossDistribution> losses, Optional<Integer> draw) {
    double best = losses.firstKey();
    double least = Double.POSITIVE_INFINITY;
    for (Map.Entry<Double, LossDistribution> e : losses.entrySet()) {
      double loss = draw.isPresent() ? e.getValue().draws()[draw.get()] : e.getValue().value();
      if (loss < least) {
        least = loss;
        best = e.getKey();
      }
    }
    return best;
  }
}
