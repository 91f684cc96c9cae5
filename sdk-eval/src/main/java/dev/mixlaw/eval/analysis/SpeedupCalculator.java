package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.GenerationPrice;
import dev.mixlaw.api.results.Interval;
import dev.mixlaw.api.results.Refusal;
import dev.mixlaw.api.results.Speedup;
import dev.mixlaw.api.results.Speedup.Ratio;
import dev.mixlaw.api.units.Params;
import dev.mixlaw.api.units.Tokens;
import dev.mixlaw.eval.analysis.LossPredictor.FittedCurve;
import dev.mixlaw.eval.stats.Quantiles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/**
 * Computes speed-ups D / D_m, where D_m is the number of tokens that a mixture needs to reach the
 * loss of the baseline at D tokens.
 *
 * <p>For fitted speed-ups, D_m = (B_m / (L_0(D) - E_m))^(1/beta_m), where L_0 is the law of the
 * baseline. If L_0(D) ≤ E_m, the mixture never reaches this loss. Each draw combines draws of both
 * laws with the same documents. For measured speed-ups, D_m is where the measured losses of the
 * mixture, interpolated linearly in ln D, first reach the loss of the baseline. Results outside the
 * measured budgets are unknown. If some draws are outside, the interval is open down to 0 (never)
 * or up to infinity.
 */
record SpeedupCalculator(LossPredictor predictor, GenerationPrices prices) {
  List<Speedup> all(RefusalCollector refusals) {
    StudyGrid grid = predictor.grid();
    List<Speedup> all = new ArrayList<>();
    for (String mixture : grid.mixtures()) {
      if (mixture.equals(grid.baseline())) {
        continue;
      }
      for (StudyGrid.Cell cell : grid.of(grid.baseline())) {
        Speedup speedup = between(mixture, grid.baseline(), cell.model().params(), cell.budget());
        all.add(speedup);
        if (speedup.best().isEmpty()) {
          refusals.add(refusal(speedup));
        }
      }
    }
    return all;
  }

  Answer<Speedup> at(String mixture, String baseline, Params params, Tokens tokens) {
    return predictor
        .range(List.of(baseline))
        .check(question(mixture, baseline, params, tokens), params, tokens)
        .map(range -> between(mixture, baseline, params, tokens))
        .flatMap(s -> s.best().isEmpty() ? Answer.refused(refusal(s)) : Answer.known(s));
  }

  private Speedup between(String mixture, String baseline, Params params, Tokens tokens) {
    String question = question(mixture, baseline, params, tokens);
    Answer<Ratio> fitted = fitted("fitted " + question, mixture, baseline, params, tokens);
    Answer<Ratio> measured = measured("measured " + question, mixture, baseline, params, tokens);
    Map<String, Double> own = predictor.grid().shares().getOrDefault(mixture, Map.of());
    Map<String, Double> base = predictor.grid().shares().getOrDefault(baseline, Map.of());
    Params n = predictor.model(params).map(StudyGrid.Model::params).orElse(params);
    return new Speedup(
        mixture,
        baseline,
        predictor.series().domain(),
        params,
        tokens,
        fitted,
        measured,
        prices.factor(own, base, n),
        prices.breakEven(own, base, n, fitted.isKnown() ? fitted : measured));
  }

  private static String question(String mixture, String baseline, Params params, Tokens tokens) {
    return "speed-up of " + mixture + " over " + baseline + " at N=" + params + ", D=" + tokens;
  }

  private static Refusal refusal(Speedup s) {
    Refusal fitted = s.fitted().toRefusal().orElseThrow();
    Refusal measured = s.measured().toRefusal().orElseThrow();
    return new Refusal(
        question(s.mixture(), s.baseline(), s.params(), s.tokens()),
        "fitted: " + fitted.reason() + "; measured: " + measured.reason(),
        fitted.remedy());
  }

  private Answer<Ratio> fitted(
      String question, String mixture, String baseline, Params params, Tokens tokens) {
    return predictor
        .curve(mixture, params)
        .flatMap(
            own ->
                predictor
                    .curve(baseline, params)
                    .flatMap(b -> fitted(mixture, own, b, params, tokens)))
        .withQuestion(question);
  }

  private Answer<Ratio> fitted(
      String mixture, FittedCurve curve, FittedCurve baseCurve, Params params, Tokens tokens) {
    double d = tokens.count();
    double needed = curve.tokensFor(baseCurve.loss(d));
    double[] ratios =
        Arrays.stream(curve.tokensForDraws(baseCurve.lossDraws(d))).map(n -> d / n).toArray();
    List<String> warnings = new ArrayList<>(Texts.joined(curve.warnings(), baseCurve.warnings()));
    if (Double.isInfinite(needed)) {
      double agree = Arrays.stream(ratios).filter(x -> x == 0).count() / (double) ratios.length;
      return Answer.known(Ratio.never(agree), warnings);
    }
    String question = "tokens that " + mixture + " needs";
    return predictor
        .range(List.of(mixture))
        .check(question, params, new Tokens(Math.max(1, (long) Math.min(needed, 1e18))))
        .fold(
            (range, far) -> {
              far.forEach(w -> warnings.add(question + ": " + w));
              Interval interval = Quantiles.interval95(ratios);
              return Answer.known(Ratio.times(new Estimate(d / needed, interval)), warnings);
            },
            Answer::refused);
  }

  private Answer<Ratio> measured(
      String question, String mixture, String baseline, Params params, Tokens tokens) {
    Optional<StudyGrid.Model> model = predictor.model(params);
    if (model.isEmpty()) {
      return Answer.refused(
          question, "no model of about this size was run", "add runs of a model of this size");
    }
    MeasuredCurve own = new MeasuredCurve(predictor.grid().overBudgets(mixture, model.get()));
    MeasuredCurve base = new MeasuredCurve(predictor.grid().overBudgets(baseline, model.get()));
    double d = budgetTokens(base, tokens);
    if (own.cells().isEmpty() || !base.spans(d)) {
      return Answer.refused(
          question,
          own.cells().isEmpty()
              ? "no run of " + mixture + " completed at this size"
              : "the budget is outside the measured budgets of " + baseline,
          "add runs of both mixtures at budgets below and above this budget");
    }
    LossSeries series = predictor.series();
    double sign = predictor.grid().sign();
    double target = base.loss(d, c -> sign * series.value(c));
    double needed = own.tokensFor(target, c -> sign * series.value(c));
    if (Double.isInfinite(needed) || needed == 0) {
      double end = own.tokens(needed == 0 ? 0 : own.cells().size() - 1);
      return Answer.refused(
          question,
          Texts.format(
              needed == 0
                  ? "%s is already better than the baseline's %.4g at its smallest budget, so the speed-up is above %.2f×"
                  : "%s does not reach the baseline's %.4g within the measured budgets, so the speed-up is below %.2f×",
              mixture,
              sign * target,
              d / end),
          needed == 0 ? "add runs at smaller budgets" : "add runs at larger budgets");
    }
    int resamples = series.draws(own.cells().get(0)).length;
    double[] ratios = new double[resamples];
    for (int i = 0; i < resamples; i++) {
      int r = i;
      ToDoubleFunction<StudyGrid.Cell> drawn = c -> sign * series.draws(c)[r];
      double n = own.tokensFor(base.loss(d, drawn), drawn);
      ratios[r] = d / n; // 0 or infinite if n is outside the budgets
    }
    Interval interval = Quantiles.interval95(ratios);
    if (interval.low() == interval.high()) {
      return Answer.known(
          Ratio.times(Estimate.of(d / needed, 0, Double.POSITIVE_INFINITY)),
          "the noise is unknown: there are neither documents nor second seeds");
    }
    boolean open = interval.low() == 0 || Double.isInfinite(interval.high());
    return Answer.known(
        Ratio.times(new Estimate(d / needed, interval)),
        open ? List.of("the interval is open where it leaves the measured budgets") : List.of());
  }

  /** Returns the number of tokens actually trained on, if the budget was measured. */
  private double budgetTokens(MeasuredCurve base, Tokens tokens) {
    return predictor
        .budget(tokens)
        .flatMap(b -> base.cells().stream().filter(c -> c.budget().equals(b)).findFirst())
        .map(c -> (double) c.tokens())
        .orElse((double) tokens.count());
  }

  /**
   * The measured losses of a mixture for one model, interpolated linearly in ln D.
   *
   * @param cells points in ascending order of budget
   */
  record MeasuredCurve(List<StudyGrid.Cell> cells) {
    double tokens(int i) {
      return cells.get(i).tokens();
    }

    boolean spans(double tokens) {
      return !cells.isEmpty() && tokens(0) <= tokens && tokens <= tokens(cells.size() - 1);
    }

    /** Returns the loss at a number of tokens, which must be within the measured budgets. */
    double loss(double tokens, ToDoubleFunction<StudyGrid.Cell> losses) {
      int i = 0;
      while (tokens(i) < tokens) {
        i++;
      }
      double above = losses.applyAsDouble(cells.get(i));
      if (tokens(i) == tokens) {
        return above;
      }
      double below = losses.applyAsDouble(cells.get(i - 1));
      double fraction = Math.log(tokens / tokens(i - 1)) / Math.log(tokens(i) / tokens(i - 1));
      return below + fraction * (above - below);
    }

    /**
     * Returns the number of tokens at which the curve first reaches a loss. It is 0 if the curve
     * starts below the loss, and infinite if the curve never reaches it.
     */
    double tokensFor(double loss, ToDoubleFunction<StudyGrid.Cell> losses) {
      double before = losses.applyAsDouble(cells.get(0));
      if (before <= loss) {
        return before == loss ? tokens(0) : 0;
      }
      for (int i = 1; i < cells.size(); i++) {
        double after = losses.applyAsDouble(cells.get(i));
        if (after <= loss) {
          double fraction = (before - loss) / (before - after);
          return tokens(i - 1) * Math.pow(tokens(i) / tokens(i - 1), fraction);
        }
        before = after;
      }
      return Double.POSITIVE_INFINITY;
    }
  }

  /**
   * Converts speed-ups in tokens to speed-ups in cost, which include the price of generated text.
   *
   * <p>The training of a token costs 6·N FLOPs. Its generation costs p FLOPs, where p is the
   * average price of the corpora of a mixture, weighted by share. The ratio of costs is the ratio
   * of tokens times (6·N + p_0) / (6·N + p_m).
   */
  record GenerationPrices(Map<String, GenerationPrice> byCorpus) {
    private static final double TRAINING = 6;

    GenerationPrices {
      byCorpus = Collections.unmodifiableMap(byCorpus);
    }

    static GenerationPrices none() {
      return new GenerationPrices(Map.of());
    }

    GenerationPrices with(String corpus, GenerationPrice price) {
      Map<String, GenerationPrice> more = new TreeMap<>(byCorpus);
      more.put(corpus, price);
      return new GenerationPrices(more);
    }

    /** Returns the FLOPs of a training token of the baseline, divided by those of the mixture. */
    double factor(Map<String, Double> mixture, Map<String, Double> baseline, Params params) {
      double training = TRAINING * params.count();
      return (training + price(baseline)) / (training + price(mixture));
    }

    /**
     * Returns the highest price of generated text at which the mixture costs no more than the
     * baseline. It replaces the prices of all corpora of the mixture that have a price.
     *
     * @param ratio speed-up of the mixture in tokens
     */
    Answer<Estimate> breakEven(
        Map<String, Double> mixture,
        Map<String, Double> baseline,
        Params params,
        Answer<Ratio> ratio) {
      String question = "break-even price of generated text";
      double priced =
          mixture.entrySet().stream()
              .filter(e -> byCorpus.containsKey(e.getKey()))
              .mapToDouble(Map.Entry::getValue)
              .sum();
      if (priced == 0) {
        return Answer.refused(
            question,
            "no corpus of the mixture has a price",
            "set the price of one of its corpora (SpeedupQuestion.price)");
      }
      double training = TRAINING * params.count();
      return ratio
          .withQuestion(question)
          .flatMap(
              tokens ->
                  tokens
                      .map(s -> ((training + price(baseline)) * s - training) / priced)
                      .times()
                      .map(Answer::known)
                      .orElseGet(
                          () ->
                              Answer.refused(
                                  question,
                                  "the mixture never reaches the baseline's loss",
                                  "try a mixture with a lower loss floor")));
    }

    /** Returns the FLOPs of generation per training token. */
    private double price(Map<String, Double> shares) {
      double sum = 0;
      for (Map.Entry<String, Double> e : shares.entrySet()) {
        GenerationPrice price = byCorpus.get(e.getKey());
        sum += price == null ? 0 : e.getValue() * price.flopsPerTokenTrained();
      }
      return sum;
    }
  }
}
