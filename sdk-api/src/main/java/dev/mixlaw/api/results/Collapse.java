package dev.mixlaw.api.results;

import java.util.Locale;
import java.util.Optional;

/**
 * A verdict on whether models collapse with a mixture, or with a strategy of training on generated
 * text.
 *
 * <p>For a mixture, the verdict says whether its loss approaches a higher floor than the loss of
 * the baseline as the number of tokens grows. A higher floor is called a collapse only if the
 * mixture has synthetic text, the baseline has none, and the domains contain text that people
 * wrote. The losses are means over the domains that people wrote or, if there are none, over all
 * domains.
 *
 * @param mixture name of the mixture or strategy
 * @param baseline name of the baseline
 * @param model name of the model
 * @param outcome the outcome
 * @param reason reason for the outcome, with the figures that support it
 * @param firstViolation description of the first budget whose loss is significantly higher than the
 *     smaller budgets predict without a higher floor, or of the first round that is significantly
 *     worse than round 0; empty if there is none
 */
public record Collapse(
    String mixture,
    String baseline,
    String model,
    Outcome outcome,
    String reason,
    Optional<String> firstViolation) {

  /** The outcome of a verdict. */
  public enum Outcome {
    /** The loss or the diversity is significantly worse than without generated text. */
    COLLAPSE,
    /** There is no collapse in the measured range. */
    NO_COLLAPSE,
    /**
     * The loss approaches a significantly higher floor than the loss of the baseline. However, this
     * is not called a collapse, because the mixture has no synthetic text or because people did not
     * write the domains.
     */
    HIGHER_FLOOR,
    /**
     * The loss does not approach a higher floor in the measured range. A higher floor would not be
     * called a collapse, as explained for {@link #HIGHER_FLOOR}.
     */
    NO_HIGHER_FLOOR,
    /** The data are compatible with a collapse and with no collapse. */
    NOT_DECIDABLE
  }

  /** Returns the outcome and its reason in words. */
  public String summary() {
    String verdict = outcome.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    return verdict + ": " + reason + firstViolation.map(v -> "; first at " + v).orElse("");
  }

  @Override
  public String toString() {
    return mixture + " against " + baseline + " at " + model + ": " + summary();
  }
}
