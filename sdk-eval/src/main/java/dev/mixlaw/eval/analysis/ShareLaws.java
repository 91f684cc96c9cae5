package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.BestShare.Basis;
import dev.mixlaw.api.results.FittedLaw;
import dev.mixlaw.api.results.Refusal;
import dev.mixlaw.api.units.Params;
import dev.mixlaw.api.units.Tokens;
import dev.mixlaw.eval.analysis.BestShareCalculator.MixturesByShare;
import dev.mixlaw.eval.analysis.LossPredictor.LossDistribution;
import dev.mixlaw.eval.analysis.StudyLaws.LawKey;
import dev.mixlaw.eval.law.Input;
import dev.mixlaw.eval.law.LawFit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The laws over the share of one corpus: over D at each model, and over N and D together. If the
 * latter cannot be fitted, there is a law over N at each budget. Predictions use the law that is
 * closest to the runs, like predictions for single mixtures.
 */
final class ShareLaws {
  private static final double STEP = 0.01;

  private final StudyGrid grid;
  private final LossSeries series;
  private final MixturesByShare axis;
  private final StudyLaws own;
  private final Map<StudyGrid.Model, Answer<ShareLawFitter.Fitted>> byModel = new LinkedHashMap<>();
  private final Map<Tokens, Answer<ShareLawFitter.Fitted>> byBudget = new LinkedHashMap<>();
  private final Answer<ShareLawFitter.Fitted> overall;

  ShareLaws(StudyGrid grid, LossSeries series, StudyLaws own, MixturesByShare axis) {
    this.grid = grid;
    this.series = series;
    this.axis = axis;
    this.own = own;
    for (StudyGrid.Model model : grid.models()) {
      byModel.put(
          model,
          fit(
              ShareLawForm.ofTokens(axis.corpus()),
              " at " + LawKey.place(model),
              c -> c.model().equals(model)));
    }
    overall = fit(ShareLawForm.ofBoth(axis.corpus()), "", c -> true);
    if (!overall.isKnown()) {
      for (Tokens budget : grid.budgets()) {
        byBudget.put(
            budget,
            fit(
                ShareLawForm.ofParams(axis.corpus()),
                " at " + LawKey.place(budget),
                c -> c.budget().equals(budget)));
      }
    }
  }

  private Answer<ShareLawFitter.Fitted> fit(
      ShareLawForm form, String place, Predicate<StudyGrid.Cell> condition) {
    NavigableMap<Double, List<StudyGrid.Cell>> points = new TreeMap<>();
    axis.mixtures()
        .forEach(
            (share, mixture) -> {
              List<StudyGrid.Cell> cells = grid.of(mixture).stream().filter(condition).toList();
              if (!cells.isEmpty()) {
                points.put(share, cells);
              }
            });
    List<StudyGrid.Cell> all = points.values().stream().flatMap(List::stream).toList();
    return own.refusal("law of shares of " + axis.corpus() + place, all)
        .<Answer<ShareLawFitter.Fitted>>map(Answer::refused)
        .orElseGet(() -> new ShareLawFitter(own, series, axis.corpus(), form, place).of(points));
  }

  MixturesByShare axis() {
    return axis;
  }

  /** Returns the losses of all shares in the range in which the law is valid. */
  Answer<NavigableMap<Double, LossDistribution>> losses(
      LossPredictor predictor, Params params, Tokens tokens) {
    String question =
        "best of all shares of " + axis.corpus() + " at N=" + params + ", D=" + tokens;
    Optional<Refusal> far =
        predictor.range(axis.mixtures().values()).refusal(question, params, tokens);
    if (far.isPresent()) {
      return Answer.refused(far.get());
    }
    Optional<Answer<ShareLawFitter.Fitted>> data = predictor.model(params).map(byModel::get);
    Optional<Answer<ShareLawFitter.Fitted>> model =
        predictor.budget(tokens).flatMap(b -> Optional.ofNullable(byBudget.get(b)));
    for (Answer<ShareLawFitter.Fitted> fit :
        List.of(data.orElse(overall), model.orElse(overall), overall)) {
      if (fit.isKnown()) {
        return fit.map(f -> losses(predictor, f, params, tokens));
      }
    }
    return data.or(() -> model)
        .orElse(overall)
        .map(f -> losses(predictor, f, params, tokens))
        .withQuestion(question);
  }

  private NavigableMap<Double, LossDistribution> losses(
      LossPredictor predictor, ShareLawFitter.Fitted fit, Params params, Tokens tokens) {
    LawFit law = fit.law();
    ShareLawForm form = (ShareLawForm) law.form();
    List<String> warnings =
        Texts.joined(
            predictor.range(axis.mixtures().values()).warnings(params, tokens),
            Texts.fitWarnings("shares of " + axis.corpus(), law),
            fit.warnings());
    NavigableMap<Double, LossDistribution> losses = new TreeMap<>();
    for (double share : shares(fit)) {
      double[] inputs =
          form.inputs(share, in -> in.name().equals(Input.N) ? params.count() : tokens.count());
      losses.put(
          share,
          new LossDistribution(law.loss(inputs), law.lossDraws(inputs), Basis.SHARE_LAW, warnings));
    }
    return losses;
  }

  private TreeSet<Double> shares(ShareLawFitter.Fitted fit) {
    TreeSet<Double> shares =
        new TreeSet<>(axis.mixtures().subMap(fit.lowest(), true, fit.highest(), true).keySet());
    long first = (long) Math.ceil(fit.lowest() / STEP);
    long last = (long) Math.floor(fit.highest() / STEP);
    for (long percent = first; percent <= last; percent++) {
      double share = percent * STEP;
      Double near = shares.floor(share + STEP / 2);
      if (near == null || Math.abs(near - share) > STEP / 2) {
        shares.add(share);
      }
    }
    return shares;
  }

  /** Returns the refusal of the law at the largest model, if no law could be fitted. */
  Optional<Refusal> refusal() {
    if (!laws().isEmpty()) {
      return Optional.empty();
    }
    Answer<ShareLawFitter.Fitted> nearest =
        grid.models().isEmpty()
            ? overall
            : byModel.get(grid.models().get(grid.models().size() - 1));
    return nearest.toRefusal();
  }

  List<FittedLaw> laws() {
    List<FittedLaw> laws = new ArrayList<>();
    byModel.forEach((model, fit) -> add(laws, fit, Optional.of(model), Optional.empty()));
    byBudget.forEach((budget, fit) -> add(laws, fit, Optional.empty(), Optional.of(budget)));
    add(laws, overall, Optional.empty(), Optional.empty());
    return laws;
  }

  private void add(
      List<FittedLaw> laws,
      Answer<ShareLawFitter.Fitted> fit,
      Optional<StudyGrid.Model> model,
      Optional<Tokens> budget) {
    fit.toOptional()
        .map(
            f ->
                new LawKey(f.law().form(), "every share of " + axis.corpus(), model, budget)
                    .fitted(series.domain(), f.law(), OptionalDouble.empty(), f.warnings()))
        .ifPresent(laws::add);
  }
}
