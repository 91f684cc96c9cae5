package dev.mixlaw.eval.mixture.internal;

import dev.mixlaw.eval.mixture.BoostingSettings;
import io.github.metarank.lightgbm4j.LGBMBooster;
import io.github.metarank.lightgbm4j.LGBMDataset;
import io.github.metarank.lightgbm4j.LGBMException;
import java.util.Locale;

/**
 * All that touches LightGBM: trains, and hands the trees out as text so that nothing stays open.
 */
final class LightGbm {
  private LightGbm() {}

  /** The trained model in LightGBM's own text format. */
  static String train(BoostingSettings settings, double[][] rows, double[] target) {
    int columns = rows[0].length;
    double[] flat = new double[rows.length * columns];
    float[] label = new float[rows.length];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(rows[i], 0, flat, i * columns, columns);
      label[i] = (float) target[i];
    }
    String parameters = parameters(settings, rows.length);
    try (LGBMDataset data =
        LGBMDataset.createFromMat(flat, rows.length, columns, true, parameters, null)) {
      data.setField("label", label);
      try (LGBMBooster booster = LGBMBooster.create(data, parameters)) {
        boolean finished = false;
        for (int i = 0; i < settings.trees() && !finished; i++) {
          finished = booster.updateOneIter();
        }
        return booster.saveModelToString(0, 0, LGBMBooster.FeatureImportanceType.GAIN);
      }
    } catch (LGBMException e) {
      throw new IllegalStateException("LightGBM failed on " + rows.length + " runs", e);
    }
  }

  /** One thread and fixed row order: the same trees on any number of cores. */
  private static String parameters(BoostingSettings settings, int runs) {
    return String.format(
        Locale.ROOT,
        "objective=regression learning_rate=%s num_leaves=%d min_data_in_leaf=%d seed=42"
            + " num_threads=1 deterministic=true force_row_wise=true verbosity=-1",
        settings.learningRate(),
        settings.leaves(),
        Math.max(1, Math.min(settings.runsPerLeaf(), runs / 10)));
  }
}
