package dev.mixlaw.eval.boosting;

import dev.mixlaw.eval.mixture.BoostingSettings;
import io.github.metarank.lightgbm4j.LGBMBooster;
import io.github.metarank.lightgbm4j.LGBMDataset;
import io.github.metarank.lightgbm4j.LGBMException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * All that touches LightGBM: trains, and hands the trees out as text so that nothing stays open.
 */
final class LightGbm {
  private LightGbm() {}

  static {
    Path own = unpackNatives();
    try (Stream<Path> files = Files.list(own)) {
      for (Path file : Stream.concat(files, Stream.of(own)).toList()) {
        // What is loaded needs no name any more, save on Windows.
        if (!file.toFile().delete()) {
          file.toFile().deleteOnExit();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Loads the natives out of a folder of this process's own. Left to itself lightgbm4j writes them
   * to the same place for every process, over the file that another one runs: that one dies of
   * SIGBUS.
   */
  private static Path unpackNatives() {
    String shared = System.getProperty("java.io.tmpdir");
    try {
      Path own = Files.createTempDirectory("mixlaw-lightgbm");
      System.setProperty("java.io.tmpdir", own.toString()); // there is no other way to tell it
      try {
        LGBMBooster.loadNative();
      } finally {
        System.setProperty("java.io.tmpdir", shared);
      }
      return own;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

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

  /**
   * One thread and fixed row order: the same trees on any number of cores. 63 bins a share rank
   * RegMix's runs as well as LightGBM's own 255, in less than half the time.
   */
  private static String parameters(BoostingSettings settings, int runs) {
    return String.format(
        Locale.ROOT,
        "objective=regression learning_rate=%s num_leaves=%d min_data_in_leaf=%d seed=42"
            + " max_bin=63 num_threads=1 deterministic=true force_row_wise=true verbosity=-1",
        settings.learningRate(),
        settings.leaves(),
        Math.max(1, Math.min(settings.runsPerLeaf(), runs / 10)));
  }
}
