package dev.mixlaw.eval.mixture;

/** The loss of one domain over all shares. Immutable, safe for use by several threads. */
@FunctionalInterface
public interface Surface {
  /**
   * The loss, in the unit of the measured ones.
   *
   * @param shares in the order of the sources; not changed
   * @param scale ignored by models of runs that are alike in size and budget
   * @return positive infinity where the model says nothing, such as BiMix at share 0
   */
  double loss(double[] shares, TrainingScale scale);
}
