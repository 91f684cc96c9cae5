package dev.mixlaw.eval.mixture;

/**
 * The loss of one domain as a function of the shares. Immutable and safe for use by several
 * threads.
 */
@FunctionalInterface
public interface Surface {
  /**
   * Returns the loss, in the unit of the measured losses.
   *
   * @param shares shares in the order of the sources; not changed
   * @param scale model size and budget; ignored by models of shares alone
   * @return positive infinity where the model is not defined, such as BiMix at share 0
   */
  double loss(double[] shares, TrainingScale scale);
}
