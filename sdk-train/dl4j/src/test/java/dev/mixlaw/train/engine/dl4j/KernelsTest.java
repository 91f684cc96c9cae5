package dev.mixlaw.train.engine.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mixlaw.train.engine.vector.AdamWStep;
import dev.mixlaw.train.engine.weights.AttentionHeads;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Compares the CPU kernels with those that use ND4J operations, which {@link GradientCheckTest}
 * checks.
 */
class KernelsTest {
  private final List<INDArray> arrays = new ArrayList<>();
  private final Random random = new Random(1);

  /** Skips the tests if ND4J has no usable backend, such as CUDA without a GPU. */
  @BeforeAll
  static void present() {
    assumeTrue(Backend.get().problem().isEmpty(), () -> Backend.get().problem().toString());
  }

  @AfterEach
  void close() {
    arrays.forEach(INDArray::close);
  }

  @Test
  void products() {
    Tensor x = random(33 * 20, 1);
    Tensor w = random(24 * 20, 1);
    Tensor y = random(33 * 24, 1);
    same(33 * 24, 1, (k, out) -> k.linear(x, w, out, 33, 20, 24, false));
    same(33 * 24, 1, (k, out) -> k.linear(x, w, out, 33, 20, 24, true));
    same(33 * 20, 1, (k, out) -> k.linearInput(y, w, out, 33, 20, 24));
    same(24 * 20, 1, (k, out) -> k.linearWeight(y, x, out, 33, 20, 24));
  }

  @Test
  void copiesAndSums() {
    Tensor x = random(40_000, 1);
    same(40_000, 1, (k, out) -> k.copy(x, out, 40_000));
    same(40_000, 1, (k, out) -> k.add(x, out, 39_000));
    same(40_000, 1, (k, out) -> k.zero(out, 39_000));
    assertThat(new CpuKernels().sumOfSquares(x, 40_000))
        .isCloseTo(new Nd4jKernels().sumOfSquares(x, 40_000), within(0.5));
  }

  /** Repeated, because concurrent additions to the same row used to lose updates occasionally. */
  @RepeatedTest(20)
  void embedding() {
    int[] ids = random.ints(700, 0, 50).toArray();
    Tensor table = random(50 * 40, 1);
    Tensor gradient = random(700 * 40, 1);
    same(700 * 40, 1, (k, out) -> k.embed(ids, 700, table, out, 40));
    same(50 * 40, 1, (k, out) -> k.embedBackward(ids, 700, gradient, out, 40));
  }

  /** One of the rows is longer than a block of {@code RowKernels}. */
  @ParameterizedTest
  @CsvSource({"500, 72", "3, 20000"})
  void norm(int rows, int width) {
    Tensor x = random(rows * width, 2);
    Tensor w = random(width, 1);
    Tensor dy = random(rows * width, 1);
    Tensor r = random(rows, 0);
    same(rows * width, 1, (k, out) -> k.rmsNorm(x, w, out, r, rows, width, 1e-5));
    Tensor dx = random(rows * width, 1);
    same(
        width,
        1,
        (k, out) -> k.rmsNormBackward(dy, x, w, r, copy(dx, rows * width), out, rows, width));
    Tensor dw = random(width, 1);
    same(
        rows * width,
        1,
        (k, out) -> k.rmsNormBackward(dy, x, w, r, out, copy(dw, width), rows, width));
  }

  @ParameterizedTest
  @CsvSource({"1, 140, 4, 2, 6, 1", "2, 7, 3, 1, 16, 1", "2, 33, 2, 2, 8, 60"})
  void attention(int sequences, int length, int query, int keyValue, int size, double deviation) {
    AttentionHeads heads = new AttentionHeads(query, keyValue, size, 10_000, 1e-5);
    int rows = sequences * length;
    Tensor qkv = random(rows * heads.rowWidth(), deviation);
    Tensor norms = random(2 * size, 1);
    same(rows * heads.rowWidth(), 1, (k, out) -> k.normalizeHeads(qkv, norms, out, heads, rows));
    same(
        rows * heads.rowWidth(),
        1,
        (k, out) -> k.normalizeHeadsBackward(out, qkv, norms, random(2 * size, 0), heads, rows));
    same(
        2 * size,
        1,
        (k, out) ->
            k.normalizeHeadsBackward(
                copy(qkv, rows * heads.rowWidth()), qkv, norms, out, heads, rows));
    Tensor dOut = random(rows * query * size, 1);
    int weights = sequences * query * length * length;
    same(rows * heads.rowWidth(), 1, (k, out) -> k.rope(out, heads, sequences, length, false));
    same(rows * heads.rowWidth(), 1, (k, out) -> k.rope(out, heads, sequences, length, true));
    Tensor softmax = random(weights, 0);
    same(
        rows * query * size,
        1,
        (k, out) -> k.attention(qkv, softmax, out, heads, sequences, length));
    same(
        weights,
        1,
        (k, out) ->
            k.attention(qkv, out, random(rows * query * size, 0), heads, sequences, length));
    same(
        rows * heads.rowWidth(),
        1,
        (k, out) -> k.attentionBackward(dOut, qkv, softmax, out, heads, sequences, length));
  }

  @ParameterizedTest
  @CsvSource({"1", "90"})
  void swiglu(double deviation) {
    Tensor gateUp = random(300 * 2 * 44, deviation);
    Tensor dOut = random(300 * 44, 1);
    same(300 * 44, 1, (k, out) -> k.swiglu(gateUp, out, 300, 44));
    same(300 * 2 * 44, 1, (k, out) -> k.swigluBackward(gateUp, dOut, out, 300, 44));
  }

  /** Covers logits that are so large that their exponentials overflow or underflow. */
  @ParameterizedTest
  @CsvSource({"1, 0", "30, 0", "3, 200", "3, -200", "300, 0"})
  void crossEntropy(double deviation, float shift) {
    int rows = 90;
    int vocabulary = 501;
    int[] labels = random.ints(rows + 5, 0, vocabulary).toArray();
    double[][] nats = new double[2][rows + 5];
    INDArray logits = random(rows * vocabulary, deviation).array().addi(shift);
    Tensor first = copy(new Tensor(logits), rows * vocabulary);
    Tensor second = copy(new Tensor(logits), rows * vocabulary);
    new CpuKernels().crossEntropy(first, labels, 5, rows, vocabulary, 0.1, nats[0]);
    new Nd4jKernels().crossEntropy(second, labels, 5, rows, vocabulary, 0.1, nats[1]);

    assertSame(first, second, rows * vocabulary);
    assertThat(nats[0]).containsExactly(nats[1], within(2e-5 * deviation + 2e-5 * Math.abs(shift)));
    double[] again = new double[rows + 5];
    new CpuKernels().crossEntropy(new Tensor(logits), labels, 5, rows, vocabulary, 0, again);
    assertThat(again).containsExactly(nats[0], within(0.0));
  }

  @Test
  void adamW() {
    AdamWStep step = new AdamWStep(0.01, 0.9, 0.95, 1e-8, 0.1, 0.5, 0.19, 0.0975);
    int n = 20_000;
    Tensor gradient = random(n, 1);
    Tensor mean = random(n, 0.1);
    Tensor square = random(n, 1);
    square.array().muli(square.array());
    same(n, 1, (k, out) -> k.adamW(out, gradient, copy(mean, n), copy(square, n), n, step));
    same(n, 1, (k, out) -> k.adamW(copy(mean, n), gradient, out, copy(square, n), n, step));
    same(n, 0, (k, out) -> k.adamW(copy(mean, n), gradient, copy(mean, n), out, n, step));
  }

  /**
   * Applies a CPU kernel and an ND4J kernel to copies of the same random values and compares the
   * results.
   */
  private void same(int length, double deviation, BiConsumer<Kernels, Tensor> kernel) {
    Tensor first = random(length, deviation);
    Tensor second = copy(first, length);
    try (Kernels cpu = new CpuKernels();
        Kernels nd4j = new Nd4jKernels()) {
      kernel.accept(cpu, first);
      kernel.accept(nd4j, second);
    }
    assertSame(first, second, length);
  }

  private static void assertSame(Tensor first, Tensor second, int length) {
    float[] actual = first.array().toFloatVector();
    float[] expected = second.array().toFloatVector();
    float scale = 1e-3f;
    for (float value : expected) {
      scale = Math.max(scale, Math.abs(value));
    }
    assertThat(actual).hasSize(length);
    // Compares value by value, because AssertJ takes minutes to describe the difference of long
    // arrays.
    for (int i = 0; i < length; i++) {
      assertThat(actual[i]).as("[%d]", i).isCloseTo(expected[i], within(2e-5f * scale));
    }
  }

  private Tensor random(int length, double deviation) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = (float) (deviation * random.nextGaussian());
    }
    return keep(Nd4j.createFromArray(values));
  }

  private Tensor copy(Tensor of, int length) {
    INDArray array = Nd4j.createUninitialized(DataType.FLOAT, length);
    array.assign(of.array());
    return keep(array);
  }

  private Tensor keep(INDArray array) {
    arrays.add(array);
    return new Tensor(array);
  }
}
