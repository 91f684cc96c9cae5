package dev.mixlaw.samples;

import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.Interval;
import dev.mixlaw.api.results.Refusal;
import dev.mixlaw.eval.law.Covariance;
import dev.mixlaw.eval.law.HeldOut;
import dev.mixlaw.eval.law.Influence;
import dev.mixlaw.eval.law.LawFit;
import dev.mixlaw.eval.law.LawForm;
import dev.mixlaw.eval.law.Observations;
import dev.mixlaw.eval.law.Observations.Observation;
import dev.mixlaw.eval.law.Prediction;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a fit says, as a JSON file holds it. */
final class LawJson {
  /** Most held-out observations, and influences, that are listed one by one. */
  private static final int LISTED = 50;

  private LawJson() {}

  /**
   * All of it.
   *
   * @param heldOut observations kept out of the fit
   * @param influences of single observations that move a parameter beyond its interval
   */
  static Map<String, Object> of(
      LawFit fit,
      Observations heldOut,
      double seconds,
      List<Influence> influences,
      List<String> warnings) {
    LawFit.Summary summary = fit.summary();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("form", fit.form().id());
    json.put("formula", fit.form().formula());
    json.put("status", fit.status().name().toLowerCase(Locale.ROOT));
    json.put("parameters", parameters(fit));
    json.put("objective", fit.objective());
    json.put(
        "minimised", fit.settings().objective().name().toLowerCase(Locale.ROOT).replace('_', '-'));
    json.put("r2", fit.r2());
    json.put("n", fit.observations().size());
    json.put("points", summary.points());
    json.put("fit_seconds", seconds);
    json.put("resamples", fit.draws());
    json.put(
        "resampling", summary.resampling().getClass().getSimpleName().toLowerCase(Locale.ROOT));
    json.put("noise", fit.noise());
    json.put("condition", summary.condition());
    json.put("covariance", fit.covariance().toOptional().map(LawJson::covariance).orElse(null));
    json.put("held_out", summary.heldOut().map(h -> heldOut(fit, h, heldOut)).orElse(null));
    json.put("other_minima", summary.otherMinima().stream().map(LawJson::minimum).toList());
    json.put("outliers", fit.outliers().map(LawJson::influence).orElse(null));
    json.put("influences", influences.stream().limit(LISTED).map(LawJson::influence).toList());
    json.put("warnings", warnings);
    return json;
  }

  static Map<String, Object> refused(LawForm form, Refusal refusal, List<String> warnings) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("form", form.id());
    json.put("formula", form.formula());
    json.put("status", "refused");
    json.put("parameters", Map.of());
    json.put("reason", refusal.reason());
    json.put("remedy", refusal.remedy());
    json.put("warnings", warnings);
    return json;
  }

  private static Map<String, Object> parameters(LawFit fit) {
    Map<String, Object> all = new LinkedHashMap<>();
    fit.parameters().forEach((name, estimate) -> all.put(name, estimate(estimate)));
    return all;
  }

  private static Map<String, Object> estimate(Estimate estimate) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("value", estimate.value());
    json.put("low", estimate.interval().low());
    json.put("high", estimate.interval().high());
    return json;
  }

  private static Map<String, Object> covariance(Covariance covariance) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("parameters", covariance.parameters());
    json.put("matrix", covariance.matrix());
    return json;
  }

  private static Map<String, Object> minimum(LawFit.Minimum minimum) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("parameters", minimum.parameters());
    json.put("objective", minimum.objective());
    json.put("r2", minimum.r2());
    return json;
  }

  private static Map<String, Object> influence(Influence influence) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("rows", influence.observations().stream().map(Observation::label).toList());
    json.put("shift", influence.shift());
    json.put("beyond", influence.beyond());
    json.put("parameters_without", influence.parameters());
    return json;
  }

  private static Map<String, Object> heldOut(LawFit fit, HeldOut error, Observations out) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("n", error.observations());
    json.put("mean_relative_error", error.meanRelativeError());
    json.put("last_value_mean_relative_error", error.lastValueError());
    json.put("ranking", error.ranking().map(LawJson::ranking).orElse(null));
    json.put("rows", out.rows().stream().limit(LISTED).map(o -> predicted(fit, out, o)).toList());
    return json;
  }

  private static Map<String, Object> ranking(HeldOut.Ranking ranking) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("pairs", ranking.pairs());
    json.put("accuracy", ranking.law());
    json.put("last_value_accuracy", ranking.lastValue());
    return json;
  }

  private static Map<String, Object> predicted(LawFit fit, Observations out, Observation row) {
    double[] at =
        fit.form().inputs().stream().mapToDouble(in -> out.input(row, in.name())).toArray();
    Prediction prediction = fit.predict(at);
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("row", row.label());
    json.put("measured", row.loss());
    json.put("predicted", prediction.value());
    json.put("relative_error", Math.abs(prediction.value() / row.loss() - 1));
    json.put("confidence", ends(prediction.confidence()));
    json.put("prediction", ends(prediction.prediction()));
    return json;
  }

  private static Map<String, Object> ends(Interval interval) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("low", interval.low());
    json.put("high", interval.high());
    return json;
  }
}
