package dev.mixlaw.eval.boosting;

import io.github.metarank.lightgbm4j.LGBMBooster;
import io.github.metarank.lightgbm4j.LGBMDataset;
import io.github.metarank.lightgbm4j.LGBMException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Trains models with LightGBM. Models are returned as text, so that no native resource remains
 * open.
 */
final class LightGbm {
  private LightGbm() {}

  static {
    Path own = unpackNatives();
    try (Stream<Path> files = Files.list(own)) {
      for (Path file : Stream.concat(files, Stream.of(own)).toList()) {
        // A file can be deleted while its library is loaded, except on Windows.
        if (!file.toFile().delete()) {
          file.toFile().deleteOnExit();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Loads the native library from a new directory that only this process uses, and returns the
   * directory. By default, lightgbm4j writes the library to the same path in every process.
   * Overwriting a file that another process has mapped crashes that process with SIGBUS.
   */
  private static Path unpackNatives() {
    String shared = System.getProperty("java.io.tmpdir");
    try {
      Path own = Files.createTempDirectory("mixlaw-lightgbm");
      // lightgbm4j has no setting for this directory.
      System.setProperty("java.io.tmpdir", own.toString());
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

  static String train(
      int trees, String parameters, double[][] rows, double[] target, double[] weights) {
    int columns = rows[0].length;
    double[] flat = new double[rows.length * columns];
    float[] label = new float[rows.length];
    float[] weight = new float[rows.length];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(rows[i], 0, flat, i * columns, columns);
      label[i] = (float) target[i];
      weight[i] = (float) weights[i];
    }
    try (LGBMDataset data =
        LGBMDataset.createFromMat(flat, rows.length, columns, true, parameters, null)) {
      data.setField("label", label);
      if (Arrays.stream(weights).distinct().count() > 1) {
        data.setField("weight", weight);
      }
      try (LGBMBooster booster = LGBMBooster.create(data, parameters)) {
        boolean finished = false;
        for (int i = 0; i < trees && !finished; i++) {
          finished = booster.updateOneIter();
        }
        return booster.saveModelToString(0, 0, LGBMBooster.FeatureImportanceType.GAIN);
      }
    } catch (LGBMException e) {
      throw new IllegalStateException("LightGBM failed on " + rows.length + " runs", e);
    }
  }

  /**
   * Returns the LightGBM parameters. With one thread and a fixed row order, the trees do not depend
   * on the number of cores. With 63 bins per share instead of the default of 255, LightGBM ranks
   * RegMix's runs equally well in less than half the time.
   */
  static String parameters(double learningRate, int leaves, int rowsPerLeaf) {
    return String.format(
        Locale.ROOT,
        "objective=regression learning_rate=%s num_leaves=%d min_data_in_leaf=%d seed=42 max_bin=63 num_threads=1 deterministic=true force_row_wise=true verbosity=-1",
        learningRate,
        leaves,
        rowsPerLeaf);
  }
}
