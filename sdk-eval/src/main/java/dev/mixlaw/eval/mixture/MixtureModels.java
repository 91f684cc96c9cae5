package dev.mixlaw.eval.mixture;

import dev.mixlaw.eval.law.LawForms;
import dev.mixlaw.eval.mixture.internal.Boosted;
import dev.mixlaw.eval.mixture.internal.Kriging;
import dev.mixlaw.eval.mixture.internal.LawModel;
import dev.mixlaw.eval.mixture.internal.Linear;

/** The models of the literature; see the package for what each is good for. */
public final class MixtureModels {
  private MixtureModels() {}

  /** L(r) = sum_j w_j·r_j, least squares; its best mixture is always one source alone. */
  public static MixtureModel linear() {
    return new Linear();
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
    return new Boosted(settings);
  }

  /**
   * A Gaussian process over the square roots of the shares: no formula to be wrong, and the surest
   * of these where there are tens of runs rather than hundreds.
   */
  public static MixtureModel kriging() {
    return new Kriging();
  }

  /** {@link LawForms#mixing}. */
  public static MixtureModel mixing() {
    return new LawModel(LawForms::mixing);
  }

  /** {@link LawForms#mixtureAdditive}; needs runs of several sizes and budgets. */
  public static MixtureModel mixtureAdditive() {
    return new LawModel(LawForms::mixtureAdditive);
  }

  /** {@link LawForms#mixtureJoint}; needs runs of several sizes and budgets. */
  public static MixtureModel mixtureJoint() {
    return new LawModel(LawForms::mixtureJoint);
  }

  /**
   * {@link LawForms#biMix}; needs runs of several budgets.
   *
   * @param source the domain's own, the only one whose share it looks at
   */
  public static MixtureModel biMix(String source) {
    return new LawModel(sources -> LawForms.biMix(source));
  }
}
