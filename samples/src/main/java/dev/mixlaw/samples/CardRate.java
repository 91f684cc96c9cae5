package dev.mixlaw.samples;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.train.engine.llama.Device;
import dev.mixlaw.train.engine.llama.Floats;
import dev.mixlaw.train.engine.llama.Platform;
import dev.mixlaw.train.engine.llama.cuda.CudaPlatform;
import java.util.Arrays;

/**
 * Measures and prints the throughput of matrix multiplication on the GPU in the configured
 * precision, in GFLOP/s. This value is a reference for the throughput of training.
 */
final class CardRate {
  private static final int SIZE = 8192;
  private static final int AT_ONCE = 10;
  private static final int TIMES = 9;

  private CardRate() {}

  public static void main(String[] args) {
    Platform card = new CudaPlatform();
    var problem = card.unavailable();
    if (problem.isPresent()) {
      System.err.println(problem.get());
      System.exit(1);
    }
    try {
      Samples.print(
          "%s: %d x %d matrix products run at %.0f GFLOP/s",
          card.describe(), SIZE, SIZE, rate(card));
    } catch (MixlawException e) {
      System.err.println(e.getMessage());
      System.exit(1);
    }
  }

  /** Returns the median throughput of several rounds, in GFLOP/s. */
  private static double rate(Platform card) {
    ModelSpec model = ModelSpec.of("products", 64, 1, 1, 64);
    try (Device device = card.open(new SessionSpec(model, 10, 1, Recipe.standard(), 1, 1))) {
      Floats x = device.allocateActivations((long) SIZE * SIZE);
      Floats w = device.allocateActivations((long) SIZE * SIZE);
      Floats y = device.allocateActivations((long) SIZE * SIZE);
      // Matrices of zeros would give a higher throughput, because the GPU needs less power for
      // them.
      float[] numbers = new float[SIZE * SIZE];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = (float) Math.sin(i);
      }
      device.write(numbers, x, numbers.length);
      device.write(numbers, w, numbers.length);
      float[] one = new float[1];
      double[] seconds = new double[TIMES];
      for (int i = 0; i < TIMES; i++) {
        long start = System.nanoTime();
        device.onEach(
            lane -> {
              for (int j = 0; j < AT_ONCE; j++) {
                device.kernels(lane).linear(x, w, y, SIZE, SIZE, SIZE);
              }
            });
        device.read(y, one, 1);
        seconds[i] = (System.nanoTime() - start) / 1e9;
      }
      Arrays.sort(seconds);
      return 2.0 * AT_ONCE * SIZE * SIZE * SIZE / seconds[TIMES / 2] / 1e9;
    }
  }
}
