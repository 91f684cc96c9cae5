package dev.mixlaw.api.results;

import dev.mixlaw.api.units.Params;
import dev.mixlaw.api.units.Tokens;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * How much sooner a mixture reaches the loss that a baseline has at budget D: D / D_m, where D_m
 * are the tokens the mixture needs for that loss.
 *
 * @param mixture name
 * @param baseline name
 * @param domain name, or {@value FittedLaw#MACRO}
 * @param params N
 * @param tokens D
 * @param fitted from the laws of both
 * @param measured interpolated on the measured curves, in log tokens, with no law
 * @param cost the same in cost; empty unless generated text was given a price
 */
public record Speedup(
    String mixture,
    String baseline,
    String domain,
    Params params,
    Tokens tokens,
    Answer<Ratio> fitted,
    Answer<Ratio> measured,
    Optional<Cost> cost) {

  public Speedup {
    Objects.requireNonNull(mixture, "mixture");
    Objects.requireNonNull(baseline, "baseline");
    Objects.requireNonNull(fitted, "fitted");
    Objects.requireNonNull(measured, "measured");
    Objects.requireNonNull(cost, "cost");
  }

  /**
   * What the baseline costs to reach its loss over what the mixture costs to reach the same:
   * training at 6·N FLOPs a token, and generating the text.
   *
   * <pre>(D / D_m) · (6·N + p_0) / (6·N + p_m),   p = Σ over corpora of share · price
   * </pre>
   *
   * @param fitted from the laws of both: above 1 the mixture is cheaper
   * @param measured with no law
   * @param breakEven the highest price of a token of the mixture's priced corpora, in FLOPs per
   *     token trained on, at which the mixture costs no more than the baseline; below 0 if not even
   *     free text pays; refused if never, or if no corpus of the mixture has a price
   */
  public record Cost(Answer<Ratio> fitted, Answer<Ratio> measured, Answer<Estimate> breakEven) {
    public Cost {
      Objects.requireNonNull(fitted, "fitted");
      Objects.requireNonNull(measured, "measured");
      Objects.requireNonNull(breakEven, "breakEven");
    }
  }

  /** A speed-up, or never. */
  public sealed interface Ratio {
    /**
     * The mixture reaches the loss.
     *
     * @param value above 1 when the mixture is faster
     * @param low of the 95 % interval; 0 when "never" lies within it
     * @param high of the 95 % interval
     */
    record Times(double value, double low, double high) implements Ratio {
      @Override
      public String toString() {
        return String.format(
            Locale.ROOT,
            value < 0.1 ? "%.1e× (%.1e to %.1e)" : "%.2f× (%.2f to %.2f)",
            value,
            low,
            high);
      }
    }

    /**
     * The mixture's irreducible loss is above the baseline's loss: no budget reaches it.
     *
     * @param resamples share of bootstrap resamples that agree
     */
    record Never(double resamples) implements Ratio {
      @Override
      public String toString() {
        return String.format(Locale.ROOT, "never (%.0f %% of resamples agree)", 100 * resamples);
      }
    }
  }

  /** The fitted ratio where there is one, else the measured one. */
  public Optional<Ratio> best() {
    return fitted.toOptional().or(measured::toOptional);
  }

  @Override
  public String toString() {
    return "speed-up of "
        + mixture
        + " over "
        + baseline
        + " at N="
        + params
        + ", D="
        + tokens
        + ": fitted "
        + said(fitted)
        + ", measured "
        + said(measured)
        + cost.map(
                c -> "; in cost: fitted " + said(c.fitted()) + ", measured " + said(c.measured()))
            .orElse("");
  }

  /** A refusal without its question, which the sentence has said already. */
  private static String said(Answer<Ratio> answer) {
    return answer instanceof Answer.Refused<Ratio> none
        ? "refused, " + none.refusal().reason()
        : answer.toString();
  }
}
