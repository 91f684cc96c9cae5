package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.Answer;
import dev.mixlaw.api.BestShare.Basis;
import dev.mixlaw.api.FittedLaw;
import dev.mixlaw.api.Params;
import dev.mixlaw.api.Refusal;
import dev.mixlaw.api.Tokens;
import dev.mixlaw.eval.law.Input;
import dev.mixlaw.eval.law.LawFit;
import dev.mixlaw.eval.law.LawFitter;
import dev.mixlaw.eval.law.Observations;
import dev.mixlaw.eval.law.Resampling;
import dev.mixlaw.eval.law.internal.Noise;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The laws of one corpus's share: over D at each model, over N at each budget, over both; the one
 * that stays closest to the runs answers, as with the laws of single mixtures.
 */
final class ShareLaws {
  /** Shares are told apart to this. */
  private static final double STEP = 0.01;

  private final Grid grid;
  private final Series series;
  private final ShareAxis axis;
  private final Map<Grid.Model, Answer<LawFit>> byModel = new LinkedHashMap<>();
  private final Map<Tokens, Answer<LawFit>> byBudget = new LinkedHashMap<>();
  private final Answer<LawFit> overall;

  ShareLaws(Grid grid, Series series, ShareAxis axis) {
    this.grid = grid;
    this.series = series;
    this.axis = axis;
    List<Grid.Cell> all =
        axis.mixtures().values().stream().flatMap(m -> grid.of(m).stream()).toList();
    for (Grid.Model model : grid.models()) {
      byModel.put(
          model,
          fit(
              ShareForm.ofTokens(axis.corpus()),
              " at " + LawKey.place(model),
              all.stream().filter(c -> c.model().equals(model)).toList()));
    }
    for (Tokens budget : grid.budgets()) {
      byBudget.put(
          budget,
          fit(
              ShareForm.ofParams(axis.corpus()),
              " at " + LawKey.place(budget),
              all.stream().filter(c -> c.budget().equals(budget)).toList()));
    }
    overall = fit(ShareForm.ofBoth(axis.corpus()), "", all);
  }

  private Answer<LawFit> fit(ShareForm form, String place, List<Grid.Cell> points) {
    String name =
        "law of shares of "
            + axis.corpus()
            + place
            + " on "
            + (series.domain().equals(FittedLaw.MACRO) ? "the macro average" : series.domain());
    LawFitter fitter = LawFitter.of(form).named(name);
    Observations.Builder builder =
        Observations.of(form.inputs().stream().map(Input::name).toArray(String[]::new));
    points.forEach(c -> builder.add(CurveFits.label(c), series.value(c), inputs(form, c)));
    Observations observations = builder.build();
    Answer<LawFit> first = fitter.bootstrap(CurveFits.FEWEST_RESAMPLES).fit(observations);
    if (first instanceof Answer.Refused<LawFit>) {
      return first;
    }
    LawFit robust = first.orElseThrow();
    int left = Math.max(1, points.size() - form.parameters().size());
    double squares = CurveFits.squaredScatter(fitter, observations, robust);
    double[][] draws =
        CurveFits.draws(
            series,
            points,
            points.stream().mapToDouble(c -> robust.loss(inputs(form, c))).toArray(),
            form.inputs().get(form.inputs().size() - 2).name().equals(Input.D),
            new Noise(Math.sqrt(squares / left), left),
            Objects.hash(series.domain(), form.id(), axis.corpus(), place));
    return fitter.resampling(Resampling.losses(draws)).fit(observations);
  }

  private double[] inputs(ShareForm form, Grid.Cell cell) {
    int last = form.inputs().size() - 1;
    double[] inputs = new double[last + 1];
    for (int k = 0; k < last; k++) {
      inputs[k] = CurveFits.input(form.inputs().get(k), cell);
    }
    inputs[last] = share(cell.mixture());
    return inputs;
  }

  private double share(String mixture) {
    return axis.mixtures().entrySet().stream()
        .filter(e -> e.getValue().equals(mixture))
        .findFirst()
        .orElseThrow()
        .getKey();
  }

  /** Losses of all shares between the smallest and the largest that were run. */
  Answer<NavigableMap<Double, Predicted>> losses(
      Predictor predictor, Params params, Tokens tokens) {
    String question =
        "best of all shares of " + axis.corpus() + " at N=" + params + ", D=" + tokens;
    Optional<Refusal> far = predictor.range().refusal(question, params, tokens);
    if (far.isPresent()) {
      return new Answer.Refused<>(far.get());
    }
    Optional<Answer<LawFit>> data = predictor.model(params).map(byModel::get);
    if (data.isPresent() && data.get() instanceof Answer.Known<LawFit> law) {
      return Answer.known(losses(predictor, law.value(), params, tokens, tokens.count()));
    }
    Optional<Answer<LawFit>> model = predictor.budget(tokens).map(byBudget::get);
    if (model.isPresent() && model.get() instanceof Answer.Known<LawFit> law) {
      return Answer.known(losses(predictor, law.value(), params, tokens, params.count()));
    }
    if (overall instanceof Answer.Known<LawFit> law) {
      return Answer.known(
          losses(predictor, law.value(), params, tokens, params.count(), tokens.count()));
    }
    Refusal why = ((Answer.Refused<LawFit>) data.or(() -> model).orElse(overall)).refusal();
    return Answer.refused(question, why.reason(), why.remedy());
  }

  private NavigableMap<Double, Predicted> losses(
      Predictor predictor, LawFit law, Params params, Tokens tokens, double... scales) {
    List<String> warnings =
        Texts.joined(
            predictor.range().warnings(params, tokens),
            Texts.doubts("shares of " + axis.corpus(), law));
    NavigableMap<Double, Predicted> losses = new TreeMap<>();
    for (double share : shares()) {
      double[] inputs = Arrays.copyOf(scales, scales.length + 1);
      inputs[scales.length] = share;
      losses.put(
          share, new Predicted(law.loss(inputs), law.lossDraws(inputs), Basis.SHARE_LAW, warnings));
    }
    return losses;
  }

  /** Those that were run, and whole percents between. */
  private TreeSet<Double> shares() {
    TreeSet<Double> shares = new TreeSet<>();
    axis.mixtures()
        .forEach(
            (share, mixture) -> {
              if (!grid.of(mixture).isEmpty()) {
                shares.add(share);
              }
            });
    long first = (long) Math.ceil(shares.first() / STEP);
    long last = (long) Math.floor(shares.last() / STEP);
    for (long percent = first; percent <= last; percent++) {
      double share = percent * STEP;
      Double near = shares.floor(share + STEP / 2);
      if (near == null || Math.abs(near - share) > STEP / 2) {
        shares.add(share);
      }
    }
    return shares;
  }

  /** Why there is none at all, if so. */
  Optional<Refusal> refusal() {
    boolean any =
        overall.toOptional().isPresent()
            || byModel.values().stream().anyMatch(f -> f.toOptional().isPresent())
            || byBudget.values().stream().anyMatch(f -> f.toOptional().isPresent());
    if (any) {
      return Optional.empty();
    }
    Answer<LawFit> nearest =
        grid.models().isEmpty()
            ? overall
            : byModel.get(grid.models().get(grid.models().size() - 1));
    return Optional.of(((Answer.Refused<LawFit>) nearest).refusal());
  }

  /** As the findings show them. */
  List<FittedLaw> laws() {
    List<FittedLaw> laws = new ArrayList<>();
    byModel.forEach(
        (model, fit) ->
            fit.toOptional()
                .ifPresent(f -> laws.add(law(f, Optional.of(model.name()), Optional.empty()))));
    byBudget.forEach(
        (budget, fit) ->
            fit.toOptional()
                .ifPresent(f -> laws.add(law(f, Optional.empty(), Optional.of(budget)))));
    overall.toOptional().ifPresent(f -> laws.add(law(f, Optional.empty(), Optional.empty())));
    return laws;
  }

  private FittedLaw law(LawFit fit, Optional<String> model, Optional<Tokens> budget) {
    return new FittedLaw(
        fit.form().id(),
        "every share of " + axis.corpus(),
        series.domain(),
        model,
        budget,
        fit.parameters(),
        fit.objective(),
        fit.r2(),
        fit.status(),
        fit.summary().points(),
        OptionalDouble.empty(),
        fit.warnings());
  }
}
