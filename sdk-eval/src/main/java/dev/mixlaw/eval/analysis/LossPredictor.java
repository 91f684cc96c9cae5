package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.BestShare.Basis;
import dev.mixlaw.api.results.Refusal;
import dev.mixlaw.api.units.Params;
import dev.mixlaw.api.units.Tokens;
import dev.mixlaw.eval.law.Input;
import dev.mixlaw.eval.law.LawFit;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Predicts losses of mixtures at any model size and budget. If there is a run, its measured loss is
 * returned. Otherwise the loss is predicted by the law closest to the runs: L(D) at a measured
 * model size, L(N) at a measured budget, or else L(N, D).
 *
 * @param series losses at the points of the grid
 * @param free whether predictions at any distance from the runs are allowed
 */
record LossPredictor(StudyGrid grid, LossSeries series, StudyLaws laws, boolean free) {
  /**
   * Largest distance in ln N at which two model sizes are considered equal. For example, 1M also
   * matches a model of 0.97M.
   */
  private static final double SAME_SIZE = Math.log(1.05);

  /**
   * Budgets whose ln D differs by at most this much are considered equal, since runs round budgets
   * to whole steps.
   */
  private static final double SAME_BUDGET = Math.log(1.01);

  /**
   * Returns the measured range of the given mixtures. If none of them was measured, returns the
   * range of all mixtures.
   */
  MeasuredRange range(Collection<String> mixtures) {
    List<StudyGrid.Cell> own = mixtures.stream().flatMap(m -> grid.of(m).stream()).toList();
    return MeasuredRange.of(own.isEmpty() ? grid.cells() : own, free);
  }

  private MeasuredRange range(String mixture) {
    return range(List.of(mixture));
  }

  LossPredictor extrapolatingFreely() {
    return new LossPredictor(grid, series, laws, true);
  }

  Optional<StudyGrid.Model> model(Params params) {
    return grid.models().stream()
        .filter(
            m ->
                m.name().equals(params.toString())
                    || distance(m.params().count(), params.count()) <= SAME_SIZE)
        .min(Comparator.comparingDouble(m -> distance(m.params().count(), params.count())));
  }

  Optional<Tokens> budget(Tokens tokens) {
    return grid.budgets().stream()
        .filter(b -> distance(b.count(), tokens.count()) <= SAME_BUDGET)
        .min(Comparator.comparingDouble(b -> distance(b.count(), tokens.count())));
  }

  private static double distance(double a, double b) {
    return Math.abs(Math.log(a / b));
  }

  private Optional<StudyGrid.Cell> cell(String mixture, Params params, Tokens tokens) {
    return model(params).flatMap(m -> budget(tokens).flatMap(b -> grid.cell(mixture, m, b)));
  }

  Answer<LossDistribution> loss(String mixture, Params params, Tokens tokens) {
    Optional<Answer<LossDistribution>> measured = measured(mixture, params, tokens);
    return measured.orElseGet(() -> fitted(mixture, params, tokens));
  }

  Optional<Answer<LossDistribution>> measured(String mixture, Params params, Tokens tokens) {
    return cell(mixture, params, tokens)
        .map(
            c ->
                Answer.known(
                    new LossDistribution(
                        series.value(c), series.draws(c), Basis.MEASURED, List.of())));
  }

  Answer<LossDistribution> fitted(String mixture, Params params, Tokens tokens) {
    return law(mixture, params, tokens)
        .flatMap(
            law ->
                Answer.known(
                    new LossDistribution(
                        law.loss(inputs(law, params.count(), tokens.count())),
                        law.lossDraws(inputs(law, params.count(), tokens.count())),
                        Basis.FITTED,
                        Texts.joined(
                            range(mixture).warnings(params, tokens),
                            Texts.fitWarnings(mixture, law)))));
  }

  /** Returns the law that predicts the loss of a mixture. */
  Answer<LawFit> law(String mixture, Params params, Tokens tokens) {
    String question = "loss of " + mixture + " at N=" + params + ", D=" + tokens;
    Optional<Refusal> far = range(mixture).refusal(question, params, tokens);
    if (far.isPresent()) {
      return Answer.refused(far.get());
    }
    List<Answer<LawFit>> fits =
        Stream.of(
                model(params).map(m -> laws.data(mixture, m)),
                budget(tokens).map(b -> laws.model(mixture, b)),
                Optional.of(laws.chinchilla(mixture)))
            .flatMap(Optional::stream)
            .toList();
    return fits.stream()
        .filter(Answer::isKnown)
        .findFirst()
        .orElseGet(() -> refusedFor(question, fits.get(0)));
  }

  static double[] inputs(LawFit law, double params, double tokens) {
    return law.form().inputs().stream()
        .mapToDouble(in -> in.name().equals(Input.N) ? params : tokens)
        .toArray();
  }

  Answer<FittedCurve> curve(String mixture, Params params) {
    Optional<StudyGrid.Model> model = model(params);
    Optional<Answer<LawFit>> data = model.map(m -> laws.data(mixture, m));
    Optional<LawFit> law = data.flatMap(Answer::toOptional);
    if (law.isPresent()) {
      return Answer.known(FittedCurve.ofData(mixture, law.get()));
    }
    Answer<LawFit> joint = laws.chinchilla(mixture);
    if (joint.isKnown()) {
      return Answer.known(FittedCurve.ofChinchilla(mixture, joint.orElseThrow(), params.count()));
    }
    return refusedFor("losses of " + mixture + " at N=" + params, data.orElse(joint));
  }

  private static <T> Answer<T> refusedFor(String question, Answer<LawFit> needed) {
    Refusal why = needed.toRefusal().orElseThrow();
    return Answer.refused(
        question,
        Texts.format(
            "there is no run at this point, and the %s was refused: %s",
            why.question(), why.reason()),
        why.remedy());
  }
}
