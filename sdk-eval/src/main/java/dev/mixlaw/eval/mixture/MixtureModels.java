package dev.mixlaw.eval.mixture;

import dev.mixlaw.eval.law.LawForms;
import java.util.Arrays;

/** The models of the literature; see the package for what each is good for. */
public final class MixtureModels {
  private MixtureModels() {}

  /** L(r) = sum_j w_j·r_j, least squares; its best mixture is always one source alone. */
  public static MixtureModel linear() {
    return new LinearModel();
  }

  /** Gradient boosting with {@link BoostingSettings#published()}. */
  public static MixtureModel boosting() {
    return boosting(BoostingSettings.published());
  }

  /**
   * Gradient-boosted regression trees (Liu et al. 2024, "RegMix") by LightGBM, an optional
   * dependency: {@code io.github.metarank:lightgbm4j}.
   */
  public static MixtureModel boosting(BoostingSettings settings) {
    return new BoostingModel(settings);
  }

  /**
   * A Gaussian process over the square roots of the shares: no formula to be wrong, and the surest
   * of these where there are tens of runs rather than hundreds.
   */
  public static MixtureModel kriging() {
    return new KrigingModel();
  }

  /** {@link LawForms#mixing}. */
  public static MixtureModel mixing() {
    return new LawMixtureModel(LawForms::mixing);
  }

  /** {@link LawForms#mixtureAdditive}; needs runs of several sizes and budgets. */
  public static MixtureModel mixtureAdditive() {
    return new LawMixtureModel(LawForms::mixtureAdditive);
  }

  /** {@link LawForms#mixtureJoint}; needs runs of several sizes and budgets. */
  public static MixtureModel mixtureJoint() {
    return new LawMixtureModel(LawForms::mixtureJoint);
  }

  /**
   * {@link LawForms#biMix}; needs runs of several budgets.
   *
   * @param source the domain's own, the only one whose share it looks at
   */
  public static MixtureModel biMix(String source) {
    return new LawMixtureModel(sources -> LawForms.biMix(source));
  }

  /**
   * Extrapolates the best amounts of each source from two budgets to the next one: D3 = D2² / D1
   * (Kang et al. 2024, "AutoScale", theorem 1). The budget of the result is its sum, which is not
   * normalized.
   *
   * <p>The rule holds where the loss of a domain falls with the amount of each source by a power
   * law of its own. Errors of the two amounts are squared and divided.
   *
   * @param first best tokens of each source at a budget, above 0
   * @param second best tokens of each source at a larger budget, above 0
   * @throws IllegalArgumentException if lengths differ, or an amount is not finite and above 0
   */
  public static double[] autoScale(double[] first, double[] second) {
    if (first.length != second.length || first.length == 0) {
      throw new IllegalArgumentException(
          first.length + " and " + second.length + " amounts; expected as many of both");
    }
    double[] next = new double[first.length];
    Arrays.setAll(next, j -> amount(second, j) * (second[j] / amount(first, j)));
    return next;
  }

  private static double amount(double[] amounts, int source) {
    if (!(amounts[source] > 0) || Double.isInfinite(amounts[source])) {
      throw new IllegalArgumentException(
          "amount of source " + source + ": " + amounts[source] + "; expected finite and above 0");
    }
    return amounts[source];
  }
}
