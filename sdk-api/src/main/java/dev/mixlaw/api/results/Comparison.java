package dev.mixlaw.api.results;

import dev.mixlaw.api.units.Tokens;

/**
 * A mixture compared with another on the same documents or questions.
 *
 * @param mixture name of the mixture
 * @param baseline name of the baseline
 * @param model name of the model
 * @param budget number of training tokens
 * @param domain name of the domain, {@value FittedLaw#MACRO}, or the name of a multiple-choice test
 * @param difference mixture minus baseline: in nats per token (below 0 is better) or in accuracy
 *     (above 0 is better). Its Student's t interval includes the uncertainty due to documents
 *     (paired) and the seed noise if it is known. The interval is infinite if there are neither
 *     documents nor seeds
 * @param documents number of documents or questions that were compared
 * @param degreesOfFreedom degrees of freedom of the t interval; 0 if the seed noise is unknown, so
 *     that nothing was tested
 * @param pValue two-sided p-value for the hypothesis of no difference; 1 if nothing was tested
 * @param adjustedPValue p-value after control of the false discovery rate over the comparisons that
 *     are shown together. These are the comparisons of all mixtures at the same model and budget,
 *     on the macro average or on all domains, or the answers to all primary questions
 * @param detectable smallest true difference that this comparison on its own detects with 80 %
 *     power; infinite if nothing was tested
 * @param equivalence smallest margin within which two one-sided tests at 5 % show equivalence;
 *     infinite if nothing was tested
 */
public record Comparison(
    String mixture,
    String baseline,
    String model,
    Tokens budget,
    String domain,
    Estimate difference,
    int documents,
    double degreesOfFreedom,
    double pValue,
    double adjustedPValue,
    double detectable,
    double equivalence) {
  private static final double RATE = 0.05;

  /**
   * Returns whether the difference is significant after control of the false discovery rate at 5 %.
   * The interval is not corrected for multiple comparisons, so it can exclude 0 even if this method
   * returns false.
   */
  public boolean significant() {
    return adjustedPValue <= RATE;
  }

  /**
   * Returns whether the difference is equivalent to 0 within a margin, according to two one-sided
   * tests at 5 %. If it is neither significant nor equivalent, the data are too noisy to say.
   *
   * @param margin margin in the unit of the difference, above 0
   */
  public boolean equivalentWithin(double margin) {
    return equivalence <= margin;
  }

  /** Returns this comparison with another adjusted p-value. */
  public Comparison adjusted(double newAdjustedPValue) {
    return new Comparison(
        mixture,
        baseline,
        model,
        budget,
        domain,
        difference,
        documents,
        degreesOfFreedom,
        pValue,
        newAdjustedPValue,
        detectable,
        equivalence);
  }
}
