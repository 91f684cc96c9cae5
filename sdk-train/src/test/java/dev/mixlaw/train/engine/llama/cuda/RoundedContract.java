package dev.mixlaw.train.engine.llama.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.train.engine.llama.AttentionShape;
import dev.mixlaw.train.engine.llama.Device;
import dev.mixlaw.train.engine.llama.DeviceKernels;
import dev.mixlaw.train.engine.llama.Floats;
import dev.mixlaw.train.engine.llama.Ints;
import dev.mixlaw.train.engine.llama.Platform;
import dev.mixlaw.train.engine.weights.AttentionHeads;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Compares kernels in bf16, including those on tensor cores, with kernels in single precision.
 * {@code CudaKernelsTest} compares the latter with their definitions.
 */
public abstract class RoundedContract {
  /**
   * Largest relative difference of a result that is rounded to bf16, which has 8 bits of mantissa.
   */
  private static final double ROUNDING = 4e-3;

  private final Random random = new Random(5);

  /**
   * Returns the platform under test.
   *
   * @param bf16 whether activations are bf16
   * @param largeMemory whether a block of threads has as much shared memory as on an H100, if the
   *     platform lets tests choose
   */
  protected abstract Platform platform(boolean bf16, boolean largeMemory);

  @BeforeEach
  void needsACard() {
    Platform platform = platform(true, true);
    assumeTrue(platform.unavailable().isEmpty(), () -> platform.unavailable().toString());
  }

  /** Work that a test runs on each of two devices and whose results it compares. */
  private interface Work {
    Floats[] on(Lab lab);
  }

  /** A device and the inputs that are written to it. */
  private record Lab(Device device) {
    Floats activations(float... values) {
      Floats there = device.allocateActivations(values.length);
      device.write(values, there, values.length);
      return there;
    }

    Floats exact(float... values) {
      Floats there = device.allocate(values.length);
      device.write(values, there, values.length);
      return there;
    }

    Floats weights(float... values) {
      Floats there = device.allocateWeights(values.length);
      device.write(values, there, values.length);
      return there;
    }

    Ints ids(int... values) {
      Ints there = device.allocateIds(values.length);
      there.put(values, values.length);
      return there;
    }

    /** Returns the indices of the rows, sorted by token. */
    Ints order(int... ids) {
      return ids(
          IntStream.range(0, ids.length)
              .boxed()
              .sorted(Comparator.comparingInt(row -> ids[row]))
              .mapToInt(row -> row)
              .toArray());
    }

    void run(java.util.function.Consumer<DeviceKernels> call) {
      device.onEach(lane -> call.accept(device.kernels(lane)));
    }
  }

  private float[] normal(int n) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = Bf16Rounding.widen(Bf16Rounding.round((float) random.nextGaussian()));
    }
    return values;
  }

  private float[][] results(boolean bf16, boolean largeMemory, Work work) {
    ModelSpec model = ModelSpec.of("kernels", 8, 1, 1, 8);
    SessionSpec spec = new SessionSpec(model, 10, 1, Recipe.standard(), 1, 1);
    try (Device device = platform(bf16, largeMemory).open(spec)) {
      Floats[] values = work.on(new Lab(device));
      float[][] results = new float[values.length][];
      for (int i = 0; i < values.length; i++) {
        results[i] = new float[(int) values[i].length()];
        device.read(values[i], results[i], results[i].length);
      }
      return results;
    }
  }

  private void compare(boolean largeMemory, double error, Work work) {
    float[][] expected = results(false, largeMemory, work);
    float[][] actual = results(true, largeMemory, work);
    for (int i = 0; i < expected.length; i++) {
      double difference = 0;
      double norm = 0;
      for (int j = 0; j < expected[i].length; j++) {
        difference += Math.pow((double) actual[i][j] - expected[i][j], 2);
        norm += Math.pow(expected[i][j], 2);
      }
      assertThat(Math.sqrt(difference / norm)).as("result %d", i).isLessThan(error);
    }
  }

  /**
   * Covers one or several heads, with and without shared keys and values. The lengths are one row,
   * less than a tile, and several tiles, with one or two pipeline stages.
   */
  @ParameterizedTest
  @CsvSource({
    "1, 1, 32, 1, 1, true",
    "1, 1, 32, 2, 64, true",
    "4, 2, 32, 1, 130, true",
    "2, 1, 64, 1, 200, true",
    "1, 1, 48, 1, 70, false",
    "1, 1, 128, 1, 100, true",
    "2, 1, 128, 1, 100, false",
    "2, 1, 20, 2, 70, true"
  })
  void attention(
      int query, int keyValue, int size, int sequences, int length, boolean largeMemory) {
    AttentionHeads heads = new AttentionHeads(query, keyValue, size, 10_000, 0);
    int rows = sequences * length;
    float[] qkv = normal(rows * heads.rowWidth());
    float[] dOut = normal(rows * query * size);
    compare(
        largeMemory,
        1.5 * ROUNDING,
        lab -> {
          Floats in = lab.activations(qkv);
          Floats out = lab.activations(new float[dOut.length]);
          Floats sums = lab.exact(new float[rows * query]);
          Floats d = lab.activations(normal(qkv.length));
          lab.run(k -> k.attention(in, sums, out, new AttentionShape(heads, sequences, length)));
          lab.run(
              k ->
                  k.attentionBackward(
                      lab.activations(dOut),
                      out,
                      in,
                      sums,
                      d,
                      new AttentionShape(heads, sequences, length)));
          return new Floats[] {out, sums, d};
        });
  }

  /** Covers widths whose rows are multiples of 16 bytes, and one whose rows are not. */
  @ParameterizedTest
  @CsvSource({"40, 64", "7, 333", "1, 8"})
  void rowsAndProducts(int rows, int width) {
    float[] x = normal(rows * width);
    float[] w = normal(width);
    float[] matrix = normal(3 * width * width);
    float[] wide = normal(rows * 2 * width);
    int[] labels = random.ints(rows, 0, width).toArray();
    compare(
        true,
        ROUNDING,
        lab -> {
          Floats in = lab.activations(x);
          Floats y = lab.activations(new float[x.length]);
          Floats r = lab.exact(new float[rows]);
          Floats dx = lab.activations(x);
          Floats dw = lab.exact(w);
          lab.run(k -> k.rmsNorm(in, lab.weights(w), y, r, rows, width, 1e-5));
          lab.run(
              k ->
                  k.rmsNormBackward(
                      lab.activations(x), in, lab.weights(w), r, dx, dw, rows, width, false));

          Floats product = lab.activations(new float[rows * 3 * width]);
          Floats back = lab.activations(x);
          Floats gradient = lab.exact(matrix);
          Floats weights = lab.weights(matrix);
          lab.run(k -> k.linear(in, weights, product, rows, width, 3 * width));
          lab.run(k -> k.linearInput(product, weights, back, rows, width, 3 * width));
          lab.run(k -> k.linearWeight(product, in, gradient, rows, width, 3 * width, true));

          Floats unit = lab.activations(x);
          Floats dUnit = lab.activations(wide);
          lab.run(k -> k.swiglu(lab.activations(wide), unit, rows, width));
          lab.run(k -> k.swigluBackward(lab.activations(wide), in, dUnit, rows, width, false));

          Floats logits = lab.activations(x);
          Floats nats = lab.exact(new float[rows]);
          lab.run(k -> k.crossEntropy(logits, lab.ids(labels), 0, rows, width, 0.5, nats, 0));
          return new Floats[] {y, r, dx, dw, product, back, gradient, unit, dUnit, logits, nats};
        });
  }

  /** A backward pass must get bit-identical activations, whether they were stored or recomputed. */
  @ParameterizedTest
  @ValueSource(ints = {64, 63})
  void recomputedActivationsAreBitIdentical(int width) {
    int rows = 20;
    float[] x = normal(rows * width);
    float[] w = normal(width);
    float[] wide = normal(rows * 2 * width);
    float[][] results =
        results(
            true,
            true,
            lab -> {
              Floats in = lab.activations(x);
              Floats y = lab.activations(new float[x.length]);
              Floats r = lab.exact(new float[rows]);
              Floats dy = lab.activations(normal(x.length));
              Floats dx = lab.activations(x);
              Floats weights = lab.weights(w);
              Floats dw = lab.exact(w);
              lab.run(k -> k.rmsNorm(in, weights, y, r, rows, width, 1e-5));
              lab.run(k -> k.rmsNormBackward(dy, in, weights, r, dx, dw, rows, width, true));
              Floats gateUp = lab.activations(wide);
              Floats unit = lab.activations(new float[x.length]);
              Floats dUnit = lab.activations(x);
              Floats dGateUp = lab.activations(wide);
              lab.run(k -> k.swiglu(gateUp, unit, rows, width));
              lab.run(k -> k.swigluBackward(gateUp, dUnit, dGateUp, rows, width, true));
              return new Floats[] {y, dy, unit, dUnit};
            });
    assertThat(results[1]).isEqualTo(results[0]);
    assertThat(results[3]).isEqualTo(results[2]);
  }

  @Test
  void rotations() {
    AttentionHeads heads = new AttentionHeads(3, 1, 32, 10_000, 0);
    float[] qkv = normal(2 * 9 * heads.rowWidth());
    compare(
        true,
        ROUNDING,
        lab -> {
          Floats there = lab.activations(qkv);
          lab.run(k -> k.rope(there, new AttentionShape(heads, 2, 9), false));
          return new Floats[] {there};
        });
  }

  /**
   * Covers tokens that occur once, tokens that are frequent within one block, and tokens that occur
   * in all blocks.
   */
  @ParameterizedTest
  @CsvSource({"1, 5, 3", "700, 3, 20", "700, 1, 33", "300, 1000, 8"})
  void embeddings(int rows, int vocabulary, int width) {
    float[] table = normal(vocabulary * width);
    float[] d = normal(rows * width);
    int[] ids = random.ints(rows, 0, vocabulary).toArray();
    compare(
        true,
        ROUNDING,
        lab -> {
          Floats out = lab.activations(new float[d.length]);
          Floats dTable = lab.exact(table);
          lab.run(k -> k.embed(lab.ids(ids), rows, lab.weights(table), out, width));
          lab.run(
              k ->
                  k.embedBackward(
                      lab.ids(ids), lab.order(ids), rows, lab.activations(d), dTable, width));
          return new Floats[] {out, dTable};
        });
    double[] expected = new double[table.length];
    for (int i = 0; i < table.length; i++) {
      expected[i] = table[i];
    }
    for (int r = 0; r < rows; r++) {
      for (int i = 0; i < width; i++) {
        expected[ids[r] * width + i] += d[r * width + i];
      }
    }
    float[] actual =
        results(
            true,
            true,
            lab -> {
              Floats dTable = lab.exact(table);
              lab.run(
                  k ->
                      k.embedBackward(
                          lab.ids(ids), lab.order(ids), rows, lab.activations(d), dTable, width));
              return new Floats[] {dTable};
            })[0];
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) actual[i])
          .as("value %d", i)
          .isCloseTo(expected[i], org.assertj.core.api.Assertions.within(1e-4));
    }
  }
}
