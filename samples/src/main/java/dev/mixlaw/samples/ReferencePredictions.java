package dev.mixlaw.samples;

import static java.util.Objects.requireNonNull;

import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.Findings;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.units.Params;
import dev.mixlaw.api.units.Tokens;
import dev.mixlaw.eval.law.Input;
import dev.mixlaw.eval.law.LawFit;
import dev.mixlaw.eval.law.LawFitter;
import dev.mixlaw.eval.law.LawForm;
import dev.mixlaw.eval.law.LawForms;
import dev.mixlaw.eval.law.Observations;
import dev.mixlaw.eval.law.Observations.Observation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Predictions of the largest budget and of the largest model from laws that are fitted to smaller
 * ones.
 */
final class ReferencePredictions {
  static final String OVER_TOKENS = "L(D)";
  static final String OVER_SIZES = "L(N, D)";

  /** The law over parameters at the largest budget. */
  static final String AT_BUDGET = "L(N)";

  private static final Map<String, LawForm> FORMS =
      Map.of(
          OVER_TOKENS, LawForms.DATA, AT_BUDGET, LawForms.MODEL, OVER_SIZES, LawForms.CHINCHILLA);

  /**
   * The predicted and measured loss of a mixture.
   *
   * @param law the law over tokens, parameters, or both
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
    long tokens = study.runs().stream().mapToLong(r -> tokens(r)).max().orElseThrow();
    List<Long> sizes = study.runs().stream().map(r -> params(r)).distinct().sorted().toList();
    long largest = sizes.get(sizes.size() - 1);
    List<Prediction> all = new ArrayList<>();
    for (String mixture : study.provenance().mixtures().keySet()) {
      List<RunResult> own = where(study.runs(), run -> run.key().mixture().equals(mixture));
      for (long size : sizes) {
        List<RunResult> ofSize = where(own, run -> params(run) == size);
        predict(OVER_TOKENS, where(ofSize, r -> tokens(r) < tokens), ofSize, tokens)
            .ifPresent(all::add);
      }
      if (sizes.size() > 3) {
        List<RunResult> ofLargest = where(own, run -> params(run) == largest);
        List<RunResult> smaller = where(own, run -> params(run) < largest);
        predict(OVER_SIZES, smaller, ofLargest, tokens).ifPresent(all::add);
        predict(AT_BUDGET, where(smaller, r -> tokens(r) == tokens), ofLargest, tokens)
            .ifPresent(all::add);
      }
    }
    return all;
  }

  private static long tokens(RunResult run) {
    return run.key().budget().count();
  }

  private static long params(RunResult run) {
    return run.nonEmbeddingParameters();
  }

  private static List<RunResult> where(List<RunResult> runs, Predicate<RunResult> test) {
    return runs.stream().filter(test).toList();
  }

  private static Optional<Prediction> predict(
      String law, List<RunResult> smaller, List<RunResult> larger, long tokens) {
    List<RunResult> targets = where(larger, run -> tokens(run) == tokens);
    if (targets.isEmpty() || smaller.isEmpty()) {
      return Optional.empty();
    }
    List<Observation> observed =
        smaller.stream()
            .map(run -> new Observation(run.key().toString(), inputs(law, run), loss(run)))
            .toList();
    LawForm form = requireNonNull(FORMS.get(law));
    return LawFitter.of(form)
        .fit(Observations.of(form.inputs().stream().map(Input::name).toList(), observed))
        .toOptional()
        .map(fit -> prediction(law, fit, targets));
  }

  private static double[] inputs(String law, RunResult run) {
    return requireNonNull(FORMS.get(law)).inputs().stream()
        .mapToDouble(input -> input.name().equals(Input.N) ? params(run) : tokens(run))
        .toArray();
  }

  private static Prediction prediction(String law, LawFit fit, List<RunResult> targets) {
    RunResult one = targets.get(0);
    Estimate predicted = fit.predictNewRun(inputs(law, one));
    double measured = targets.stream().mapToDouble(r -> loss(r)).average().orElseThrow();
    return new Prediction(
        one.key().mixture(),
        law,
        new Params(params(one)).toString(),
        new Tokens(tokens(one)).toString(),
        predicted.value(),
        measured,
        predicted.value() / measured - 1,
        predicted.interval().low(),
        predicted.interval().high(),
        targets.size(),
        where(targets, run -> predicted.interval().contains(loss(run))).size());
  }

  private static double loss(RunResult run) {
    return run.measurements().get(0).value().value();
  }

  /** Summarizes the errors of the predictions with one law, or returns empty if there are none. */
  static Optional<String> summary(List<Prediction> all, String law) {
    List<Prediction> own = all.stream().filter(p -> p.law().equals(law)).toList();
    if (own.isEmpty()) {
      return Optional.empty();
    }
    double squares =
        own.stream()
            .mapToDouble(p -> p.relativeError() * p.relativeError())
            .average()
            .orElseThrow();
    int runs = own.stream().mapToInt(Prediction::runs).sum();
    return Optional.of(
        Texts.format(
            "Laws %s fitted to smaller runs predict %d losses with a root mean square error of %.2f %%; %.0f %% of %d runs are within their 95 %% prediction intervals.",
            law,
            own.size(),
            100 * Math.sqrt(squares),
            100.0 * own.stream().mapToInt(Prediction::inside).sum() / runs,
            runs));
  }
}
