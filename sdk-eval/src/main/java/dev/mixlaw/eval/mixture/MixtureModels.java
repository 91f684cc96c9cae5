package dev.mixlaw.eval.mixture;

import dev.mixlaw.eval.law.LawForms;

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
}
