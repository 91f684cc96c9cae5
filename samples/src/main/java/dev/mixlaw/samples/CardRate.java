package dev.mixlaw.samples;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.train.engine.llama.Device;
import dev.mixlaw.train.engine.llama.DeviceKernels;
import dev.mixlaw.train.engine.llama.Floats;
import dev.mixlaw.train.engine.llama.Platform;
import dev.mixlaw.train.engine.llama.cuda.CudaPlatform;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Measures and prints the throughput of matrix multiplication on the GPU in the configured
 * precision, in GFLOP/s, and the bandwidth of copies, in GB/s read and written. They bound the
 * throughput of training. The argument is the size of the square matrices (default 8192); a second
 * one is a file for the figures as JSON.
 */
final class CardRate {
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
    int size = args.length > 0 ? Integer.parseInt(args[0]) : 8192;
    try {
      Map<String, Object> figures = measure(card, size);
      figures.forEach((name, value) -> System.out.println(name + " " + value));
      JsonFile.write(args.length > 1 ? Path.of(args[1]) : null, figures);
    } catch (MixlawException e) {
      System.err.println(e.getMessage());
      System.exit(1);
    }
  }

  private static Map<String, Object> measure(Platform card, int size) {
    ModelSpec model = ModelSpec.of("products", 64, 1, 1, 64);
    try (Device device = card.open(new SessionSpec(model, 10, 1, Recipe.standard(), 1, 1))) {
      Floats x = device.allocateActivations((long) size * size);
      Floats w = device.allocateActivations((long) size * size);
      Floats y = device.allocateActivations((long) size * size);
      // Matrices of zeros would give a higher throughput, because the GPU needs less power for
      // them.
      float[] numbers = new float[size * size];
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = (float) Math.sin(i);
      }
      device.write(numbers, x, numbers.length);
      device.write(numbers, w, numbers.length);
      double product = seconds(device, y, k -> k.linear(x, w, y, size, size, size));
      double copy = seconds(device, y, k -> k.copyTails(x, y, 1, size, 0, size));
      double bytes = 2.0 * size * size * (card.precisionName().equals("bf16") ? 2 : 4);
      Map<String, Object> figures = new LinkedHashMap<>();
      figures.put("device", card.describe());
      figures.put("matrix_size", size);
      figures.put("gflop_per_s", Math.round(2.0 * size * size * size / product / 1e9));
      figures.put("copied_gb_per_s", Math.round(bytes / copy / 1e9));
      return figures;
    }
  }

  /** Returns the median time of an operation, in seconds. */
  private static double seconds(Device device, Floats result, Consumer<DeviceKernels> operation) {
    double[] seconds = new double[TIMES];
    for (int i = 0; i < TIMES; i++) {
      long start = System.nanoTime();
      device.onEach(
          lane -> {
            for (int j = 0; j < AT_ONCE; j++) {
              operation.accept(device.kernels(lane));
            }
          });
      device.read(result, new float[1], 1);
      seconds[i] = (System.nanoTime() - start) / 1e9 / AT_ONCE;
    }
    Arrays.sort(seconds);
    return seconds[TIMES / 2];
  }
}
