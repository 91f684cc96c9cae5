package dev.mixlaw.api.results;

import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.api.units.Tokens;

/**
 * A comparison of a mixture with a baseline on the same documents or questions.
 *
 * @param mixture name of the mixture
 * @param baseline name of the baseline
 * @param model name of the model
 * @param budget number of training tokens
 * @param domain name of the domain, {@value FittedLaw#MACRO}, or the name of a multiple-choice test
 * @param difference value of the mixture minus value of the baseline, in the unit of the metric
 *     that is compared. The Student's t interval of the difference includes the uncertainty due to
 *     documents, which are paired, and the seed noise if it is known. The seed noise is estimated
 *     from all models and budgets. Therefore, 95 % of the intervals of a study contain the true
 *     difference on average, but not necessarily at each model and budget. The interval is infinite
 *     if there are neither documents nor several seeds
 * @param documents number of documents or questions that were compared
 * @param degreesOfFreedom degrees of freedom of the t interval; 0 if the seed noise is unknown, in
 *     which case nothing is tested
 * @param pValue two-sided p-value of the hypothesis of no difference; 1 if nothing is tested
 * @param adjustedPValue p-value adjusted to control the false discovery rate over the comparisons
 *     that are shown together. Either these are the comparisons of all mixtures at the same model
 *     and budget, for the macro average or for all domains, or they answer all primary questions
 * @param detectable smallest true difference that this comparison alone detects with 80 % power;
 *     infinite if nothing is tested
 * @param equivalence smallest margin within which two one-sided tests at 5 % show equivalence;
 *     infinite if nothing is tested
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
   * Returns whether the difference is significant at a false discovery rate of 5 %. The interval is
   * not corrected for multiple comparisons. The interval can therefore exclude 0 even if this
   * method returns false.
   */
  public boolean significant() {
    return adjustedPValue <= RATE;
  }

  /**
   * Returns whether the difference is equivalent to 0 within a margin, according to two one-sided
   * tests at 5 %. If a difference is neither significant nor equivalent to 0, the data are too
   * noisy for a conclusion.
   *
   * @param margin margin in the unit of the difference, above 0
   */
  public boolean equivalentWithin(double margin) {
    return equivalence <= margin;
  }

  /** Returns a copy of this comparison with the given adjusted p-value. */
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

  @Override
  public String toString() {
    return Texts.format(
        "%s against %s at %s, D=%s, %s: difference %s, %s",
        mixture,
        baseline,
        model,
        budget,
        domain.equals(FittedLaw.MACRO) ? "mean of domains" : domain,
        difference,
        degreesOfFreedom == 0
            ? "not tested, because the seed noise is unknown"
            : Texts.format(
                "%s (adjusted p %.3g); 80 %% power detects %.2g",
                significant() ? "significant" : "not significant", adjustedPValue, detectable));
  }
}
