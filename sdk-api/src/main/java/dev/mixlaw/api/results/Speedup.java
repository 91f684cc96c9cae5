package dev.mixlaw.api.results;

import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.api.units.Params;
import dev.mixlaw.api.units.Tokens;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;

/**
 * The speed-up of a mixture over a baseline. The speed-up is D / D_m if the mixture needs D_m
 * tokens to reach the loss that the baseline has after D tokens.
 *
 * <p>The training of a token costs 6·N FLOPs. If the text of a mixture has the price p = Σ share ·
 * price per token, summed over its corpora, the ratio of costs is the ratio of tokens multiplied by
 * a factor. With the price p_0 of the baseline and the price p_m of the mixture, the factor is
 *
 * <pre>(6·N + p_0) / (6·N + p_m)
 * </pre>
 *
 * @param mixture name of the mixture
 * @param baseline name of the baseline
 * @param domain name of the domain, or {@value FittedLaw#MACRO}
 * @param params number of parameters, N
 * @param tokens number of training tokens, D
 * @param fitted ratio according to the laws of both mixtures
 * @param measured ratio according to the measured curves, interpolated in log tokens
 * @param costFactor factor by which the ratio of costs differs from the ratio of tokens; 1 if
 *     generated text has no price
 * @param breakEven highest price of generated text, in FLOPs per training token, at which the
 *     mixture costs no more than the baseline. The price is below 0 if even free text does not pay
 *     off. No price can be computed if the mixture never reaches the loss, or if none of its
 *     corpora has a price
 */
public record Speedup(
    String mixture,
    String baseline,
    String domain,
    Params params,
    Tokens tokens,
    Answer<Ratio> fitted,
    Answer<Ratio> measured,
    double costFactor,
    Answer<Estimate> breakEven) {
  /**
   * The ratio of tokens or costs at the same loss. There is no ratio if the mixture never reaches
   * the loss of the baseline, because the irreducible loss of the mixture is higher.
   *
   * @param times the ratio with its 95 % confidence interval, whose lower bound is 0 if the mixture
   *     may also never reach the loss; empty if the mixture never reaches the loss
   * @param never fraction of bootstrap resamples in which the mixture never reaches the loss, from
   *     0 to 1; 0 if there is a ratio
   */
  public record Ratio(Optional<Estimate> times, double never) {
    /** Returns the result for a mixture that reaches the loss. */
    public static Ratio times(Estimate ratio) {
      return new Ratio(Optional.of(ratio), 0);
    }

    /** Returns the result for a mixture that never reaches the loss. */
    public static Ratio never(double resamples) {
      return new Ratio(Optional.empty(), resamples);
    }

    /** Applies a function to the ratio and the bounds of its interval. */
    public Ratio map(DoubleUnaryOperator function) {
      return new Ratio(times.map(t -> t.map(function)), never);
    }

    @Override
    public String toString() {
      return times
          .map(
              t ->
                  Texts.format(
                      t.value() < 0.1 ? "%.1e× (%.1e to %.1e)" : "%.2f× (%.2f to %.2f)",
                      t.value(),
                      t.interval().low(),
                      t.interval().high()))
          .orElseGet(() -> Texts.format("never (%.0f %% of resamples agree)", 100 * never));
    }
  }

  /** Returns the fitted ratio if there is one, otherwise the measured one. */
  public Optional<Ratio> best() {
    return fitted.toOptional().or(measured::toOptional);
  }

  /**
   * Returns the cost of the baseline divided by the cost of the mixture for the same loss,
   * according to the laws of both mixtures. Above 1, the mixture is cheaper.
   */
  public Answer<Ratio> fittedCost() {
    return cost(fitted);
  }

  /** Returns the ratio of costs according to the measured curves. */
  public Answer<Ratio> measuredCost() {
    return cost(measured);
  }

  private Answer<Ratio> cost(Answer<Ratio> inTokens) {
    return inTokens
        .map(ratio -> ratio.map(times -> costFactor * times))
        .mapRefusal(
            r ->
                new Refusal(
                    r.question() + " in cost",
                    "the speed-up in tokens was refused: " + r.reason(),
                    r.remedy()));
  }

  @Override
  public String toString() {
    return "speed-up of %s over %s at N=%s, D=%s: fitted %s, measured %s%s"
        .formatted(
            mixture,
            baseline,
            params,
            tokens,
            words(fitted),
            words(measured),
            costFactor == 1
                ? ""
                : "; cost of the baseline divided by that of the mixture: fitted %s, measured %s"
                    .formatted(words(fittedCost()), words(measuredCost())));
  }

  /** Formats an answer. If there is no ratio, the text contains the reason but not the question. */
  private static String words(Answer<Ratio> answer) {
    return answer.toRefusal().map(r -> "refused, " + r.reason()).orElseGet(answer::toString);
  }
}
