package dev.mixlaw.samples;

import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.ComputeOptimum;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.Interval;
import dev.mixlaw.eval.law.HeldOutError;
import dev.mixlaw.eval.law.Influence;
import dev.mixlaw.eval.law.LawFit;
import dev.mixlaw.eval.law.Observations;
import dev.mixlaw.eval.law.Observations.Observation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The JSON document of a fitted law.
 *
 * @param n number of fitted rows
 * @param points number of distinct input points of these rows
 * @param resampling {@code cases}, {@code losses}, {@code parametric} or {@code automatic}
 */
record LawJson(
    int schema,
    String form,
    String formula,
    String status,
    Map<String, Estimate> parameters,
    double objective,
    String minimised,
    double r2,
    int n,
    int points,
    double fitSeconds,
    int resamples,
    String resampling,
    double noise,
    double condition,
    @Nullable Covariances covariance,
    @Nullable HeldOutRows heldOut,
    List<Minimum> otherMinima,
    @Nullable Shift outliers,
    List<Shift> influences,
    List<ComputeOptimum> optima,
    List<String> warnings) {
  private static final int SCHEMA = 1;

  private static final int LISTED = 50;

  record Covariances(List<String> parameters, List<List<Double>> matrix) {}

  record Minimum(Map<String, Double> parameters, double objective, double r2) {
    static Minimum of(LawFit fit) {
      Map<String, Double> parameters = new LinkedHashMap<>();
      fit.form().parameters().forEach(p -> parameters.put(p.name(), fit.value(p.name())));
      return new Minimum(parameters, fit.objective(), fit.r2());
    }
  }

  record Shift(
      List<String> rows, double shift, List<String> beyond, Map<String, Double> parametersWithout) {
    static Shift of(Influence influence) {
      return new Shift(
          influence.observations().stream().map(Observation::label).toList(),
          influence.shift(),
          influence.beyond(),
          influence.parameters());
    }
  }

  /**
   * The error of the law on rows that were not used for the fit.
   *
   * @param n number of these rows
   * @param lastValueMeanRelativeError mean relative error of the nearest measured loss as
   *     prediction
   * @param inside number of rows within their 95 % prediction intervals
   */
  record HeldOutRows(
      int n,
      double meanRelativeError,
      double lastValueMeanRelativeError,
      int inside,
      @Nullable Ranking ranking,
      List<Row> rows) {}

  /**
   * The fraction of pairs of held-out rows that the law orders correctly by loss.
   *
   * @param lastValueAccuracy fraction of pairs that the nearest measured losses order correctly
   */
  record Ranking(long pairs, double accuracy, double lastValueAccuracy) {}

  record Row(
      String row,
      double measured,
      double predicted,
      double relativeError,
      Interval confidence,
      Interval prediction) {}

  static LawJson of(
      LawFit fit,
      Observations heldOut,
      double seconds,
      List<Influence> influences,
      List<Answer<ComputeOptimum>> optima,
      List<String> warnings) {
    return new LawJson(
        SCHEMA,
        fit.form().id(),
        fit.form().formula(),
        lower(fit.status().name()),
        fit.parameters(),
        fit.objective(),
        lower(fit.minimized().name()).replace('_', '-'),
        fit.r2(),
        fit.observations().size(),
        fit.points(),
        seconds,
        fit.draws(),
        fit.resampling(),
        fit.noise(),
        fit.condition(),
        fit.covariance()
            .toOptional()
            .map(
                c ->
                    new Covariances(
                        List.copyOf(c.keySet()),
                        c.values().stream().map(row -> List.copyOf(row.values())).toList()))
            .orElse(null),
        fit.heldOut().map(h -> heldOut(fit, h, heldOut)).orElse(null),
        fit.otherMinima().stream().map(Minimum::of).toList(),
        fit.outliers().map(Shift::of).orElse(null),
        influences.stream().limit(LISTED).map(Shift::of).toList(),
        optima.stream().flatMap(o -> o.toOptional().stream()).toList(),
        warnings);
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  private static HeldOutRows heldOut(LawFit fit, HeldOutError error, Observations out) {
    return new HeldOutRows(
        error.observations(),
        error.meanRelativeError(),
        error.lastValueError(),
        error.inside(),
        error.ranking().isEmpty()
            ? null
            : new Ranking(
                error.pairs(),
                error.ranking().getAsDouble(),
                error.lastValueRanking().getAsDouble()),
        out.rows().stream().limit(LISTED).map(row -> predicted(fit, out, row)).toList());
  }

  private static Row predicted(LawFit fit, Observations out, Observation row) {
    double[] at =
        fit.form().inputs().stream().mapToDouble(in -> out.input(row, in.name())).toArray();
    Estimate prediction = fit.predict(at);
    return new Row(
        row.label(),
        row.loss(),
        prediction.value(),
        Math.abs(prediction.value() / row.loss() - 1),
        prediction.interval(),
        fit.predictNewRun(at).interval());
  }
}
