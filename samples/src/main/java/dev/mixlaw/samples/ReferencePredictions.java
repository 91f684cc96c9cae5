package dev.mixlaw.samples;

import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.Findings;
import dev.mixlaw.api.results.Measurement;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.units.Params;
import dev.mixlaw.api.units.Tokens;
import dev.mixlaw.eval.law.LawFit;
import dev.mixlaw.eval.law.LawFitter;
import dev.mixlaw.eval.law.LawForm;
import dev.mixlaw.eval.law.LawForms;
import dev.mixlaw.eval.law.Observations;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * Predictions of the largest budget and of the largest model from laws that are fitted to smaller
 * ones. Losses are means over the domains.
 */
final class ReferencePredictions {
  /**
   * The predicted and measured loss of a mixture.
   *
   * @param law the law over tokens or over parameters and tokens
   * @param measured mean loss over seeds
   * @param low lower bound of the 95 % prediction interval of a run
   * @param high upper bound of the 95 % prediction interval of a run
   * @param runs number of runs that were measured
   * @param inside number of these runs within the prediction interval
   */
  record Prediction(
      String mixture,
      String law,
      String params,
      String tokens,
      double predicted,
      double measured,
      double relativeError,
      double low,
      double high,
      int runs,
      int inside) {}

  private ReferencePredictions() {}

  /** Returns the predictions of a study, for each mixture and model that the runs allow. */
  static List<Prediction> of(Findings study) {
    List<RunResult> runs = study.runs();
    long tokens = runs.stream().mapToLong(ReferencePredictions::tokens).max().orElseThrow();
    List<Long> sizes =
        runs.stream().map(RunResult::nonEmbeddingParameters).distinct().sorted().toList();
    long largest = sizes.get(sizes.size() - 1);
    List<Prediction> all = new ArrayList<>();
    for (String mixture : study.provenance().mixtures().keySet()) {
      List<RunResult> own =
          runs.stream().filter(run -> run.key().mixture().equals(mixture)).toList();
      for (long size : sizes) {
        List<RunResult> ofSize = where(own, run -> run.nonEmbeddingParameters() == size);
        predict(
                LawForms.DATA,
                where(ofSize, run -> tokens(run) < tokens),
                where(ofSize, run -> tokens(run) == tokens))
            .ifPresent(all::add);
      }
      if (sizes.size() > 3) {
        predict(
                LawForms.CHINCHILLA,
                where(own, run -> run.nonEmbeddingParameters() < largest),
                where(own, run -> run.nonEmbeddingParameters() == largest && tokens(run) == tokens))
            .ifPresent(all::add);
      }
    }
    return all;
  }

  private static long tokens(RunResult run) {
    return run.key().budget().count();
  }

  private static List<RunResult> where(List<RunResult> runs, Predicate<RunResult> test) {
    return runs.stream().filter(test).toList();
  }

  private static Optional<Prediction> predict(
      LawForm form, List<RunResult> smaller, List<RunResult> targets) {
    if (targets.isEmpty() || smaller.isEmpty()) {
      return Optional.empty();
    }
    boolean overTokens = form.equals(LawForms.DATA);
    List<Observations.Observation> observed =
        smaller.stream()
            .map(
                run ->
                    new Observations.Observation(
                        run.key().toString(), inputs(overTokens, run), loss(run)))
            .toList();
    List<String> names = overTokens ? List.of("D") : List.of("N", "D");
    return LawFitter.of(form)
        .fit(Observations.of(names, observed))
        .toOptional()
        .map(fit -> prediction(fit, overTokens, targets));
  }

  private static double[] inputs(boolean overTokens, RunResult run) {
    double params = run.nonEmbeddingParameters();
    return overTokens ? new double[] {tokens(run)} : new double[] {params, tokens(run)};
  }

  private static Prediction prediction(LawFit fit, boolean overTokens, List<RunResult> targets) {
    RunResult one = targets.get(0);
    Estimate predicted = fit.predictNewRun(inputs(overTokens, one));
    double measured =
        targets.stream().mapToDouble(ReferencePredictions::loss).average().orElseThrow();
    long inside = targets.stream().filter(run -> predicted.interval().contains(loss(run))).count();
    return new Prediction(
        one.key().mixture(),
        overTokens ? "L(D)" : "L(N, D)",
        new Params(one.nonEmbeddingParameters()).toString(),
        new Tokens(tokens(one)).toString(),
        predicted.value(),
        measured,
        predicted.value() / measured - 1,
        predicted.interval().low(),
        predicted.interval().high(),
        targets.size(),
        (int) inside);
  }

  private static double loss(RunResult run) {
    return run.measurements().stream()
        .map(Measurement::value)
        .mapToDouble(Estimate::value)
        .average()
        .orElseThrow();
  }

  /** Summarizes the errors of the predictions with one law, or returns empty if there are none. */
  static Optional<String> summary(List<Prediction> all, String law) {
    List<Prediction> own = all.stream().filter(p -> p.law().equals(law)).toList();
    if (own.isEmpty()) {
      return Optional.empty();
    }
    ToDoubleFunction<Prediction> square = p -> p.relativeError() * p.relativeError();
    int runs = own.stream().mapToInt(Prediction::runs).sum();
    return Optional.of(
        String.format(
            Locale.ROOT,
            "Laws %s fitted to smaller runs predict %d losses with a root mean square error of"
                + " %.2f %%; %.0f %% of %d runs are within their 95 %% prediction intervals.",
            law,
            own.size(),
            100 * Math.sqrt(own.stream().mapToDouble(square).average().orElseThrow()),
            100.0 * own.stream().mapToInt(Prediction::inside).sum() / runs,
            runs));
  }
}
