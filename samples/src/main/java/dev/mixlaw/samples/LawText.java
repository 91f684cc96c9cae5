package dev.mixlaw.samples;

import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.ComputeOptimum;
import dev.mixlaw.api.results.Refusal;
import dev.mixlaw.eval.law.HeldOutError;
import dev.mixlaw.eval.law.LawFit;
import java.util.List;
import java.util.Locale;
import java.util.Map;

final class LawText {
  private LawText() {}

  static void print(LawFit fit, double seconds, List<String> warnings) {
    System.out.println(fit.form().formula());
    fit.form()
        .parameters()
        .forEach(
            p ->
                Samples.print(
                    "  %-8s %12.6g  (%.6g to %.6g)",
                    p.name(),
                    fit.value(p.name()),
                    fit.parameter(p.name()).interval().low(),
                    fit.parameter(p.name()).interval().high()));
    Samples.print(
        "%s; %d rows at %d points; objective %.8g; R² %.5f; fitted with %d resamples in %.3f s",
        fit.status().name().toLowerCase(Locale.ROOT).replace('_', ' '),
        fit.observations().size(),
        fit.points(),
        fit.objective(),
        fit.r2(),
        fit.draws(),
        seconds);
    fit.heldOut().ifPresent(h -> print(h));
    warnings.forEach(w -> System.out.println("warning: " + w));
  }

  /**
   * Prints the best model size and number of tokens for a compute budget, or the reason why there
   * is no optimum.
   */
  static void print(Answer<ComputeOptimum> optimum) {
    System.out.println(
        optimum.fold(
            (best, warnings) ->
                Texts.format(
                    "best for %.4g FLOPs: N %s, D %s, loss %s; N ~ C^%s%s",
                    best.flops(),
                    best.params(),
                    best.tokens(),
                    best.loss(),
                    best.paramsExponent(),
                    warnings.isEmpty() ? "" : "; warning: " + String.join("; ", warnings)),
            Refusal::toString));
  }

  private static void print(HeldOutError heldOut) {
    Samples.print(
        "held out: %d rows, %d inside their 95 %% interval; mean relative error %.3f %%; nearest measured loss: %.3f %%",
        heldOut.observations(),
        heldOut.inside(),
        100 * heldOut.meanRelativeError(),
        100 * heldOut.lastValueError());
    if (heldOut.ranking().isPresent()) {
      Samples.print(
          "          %d pairs, %.1f %% in the right order; nearest measured loss: %.1f %%",
          heldOut.pairs(),
          100 * heldOut.ranking().getAsDouble(),
          100 * heldOut.lastValueRanking().getAsDouble());
    }
    Map<Double, Double> bySize = heldOut.meanRelativeErrorBySize();
    if (bySize.size() > 1) {
      bySize.forEach(
          (size, error) ->
              Samples.print("          N = %.3g: mean relative error %.3f %%", size, 100 * error));
    }
  }
}
