package dev.mixlaw.train.engine.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.train.engine.weights.WeightLayout;
import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleSupplier;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Compares gradients of layers and whole models with finite differences, in double precision. */
class GradientCheckTest {
  private static final int VOCABULARY = 11;
  private static final int CONTEXT = 5;
  private static final LayerWorkspaceMgr NONE = LayerWorkspaceMgr.noWorkspaces();

  private final Random random = new Random(2);
  private INDArray weights = Nd4j.empty();
  private DecoderNetwork network;

  private void build(int keyValueHeads, boolean tied) {
    build(keyValueHeads, tied, false);
  }

  private void build(int keyValueHeads, boolean tied, boolean qkNorm) {
    ModelSpec model =
        ModelSpec.of("check", 8, 2, 4, 12)
            .withContext(CONTEXT)
            .withKeyValueHeads(keyValueHeads)
            .withTiedHead(tied)
            .withQkNorm(qkNorm);
    weights = random(Math.toIntExact(WeightLayout.of(model, VOCABULARY).size()), 0.4);
    network = new DecoderNetwork(model, VOCABULARY, 2, true, weights, new Nd4jKernels());
  }

  /** Skips the tests if ND4J has no usable backend, such as CUDA without a GPU. */
  @BeforeAll
  static void present() {
    assumeTrue(Backend.get().problem().isEmpty(), () -> Backend.get().problem().toString());
  }

  @AfterEach
  void close() {
    network.close();
    weights.close();
  }

  @ParameterizedTest
  @CsvSource({"4, true, false", "2, true, false", "1, false, false", "2, true, true"})
  void wholeModel(int keyValueHeads, boolean tied, boolean qkNorm) {
    build(keyValueHeads, tied, qkNorm);
    int[] ids = random.ints(3L * (CONTEXT + 1), 0, VOCABULARY).toArray();
    // Processes three sequences in parts of two and one, whose gradients are added up.
    DoubleSupplier loss =
        () -> {
          network.clearGradient();
          return network.accumulate(ids, 0, 2, 1) + network.accumulate(ids, 2, 1, 1);
        };
    assertThat(loss.getAsDouble()).isFinite();

    // Checks every 31st parameter. The tests of single layers check all of them.
    assertGradient(network.gradient().array(), weights, loss, 31);
  }

  @Test
  void embeddingLayer() {
    build(2, true);
    EmbeddingLayer layer = (EmbeddingLayer) network.layer(0);
    INDArray ids = Nd4j.createFromArray(random.ints(2 * CONTEXT, 0, VOCABULARY).toArray());
    INDArray direction = random(2 * CONTEXT, 8);
    network.buffers.shape(2, CONTEXT, 1);
    DoubleSupplier loss =
        () -> layer.activate(ids, true, NONE).mul(direction).sumNumber().doubleValue();
    assertThat(loss.getAsDouble()).isFinite();
    network.clearGradient();
    layer.backpropGradient(direction.dup(), NONE);

    assertGradient(layer.getGradientsViewArray(), layer.params(), loss);
  }

  @ParameterizedTest
  @CsvSource({"4, false", "2, false", "1, false", "2, true"})
  @Tag("long")
  void blockLayer(int keyValueHeads, boolean qkNorm) {
    build(keyValueHeads, true, qkNorm);
    BlockLayer layer = (BlockLayer) network.layer(1);
    INDArray input = random(2 * CONTEXT, 8);
    INDArray direction = random(2 * CONTEXT, 8);
    network.buffers.shape(2, CONTEXT, 1);
    DoubleSupplier loss =
        () -> layer.activate(input, true, NONE).mul(direction).sumNumber().doubleValue();
    assertThat(loss.getAsDouble()).isFinite();
    network.clearGradient();
    INDArray inputGradient = layer.backpropGradient(direction.dup(), NONE).getSecond().dup();

    assertGradient(layer.getGradientsViewArray(), layer.params(), loss);
    assertGradient(inputGradient, input, loss);
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  @Tag("long")
  void headLayer(boolean tied) {
    build(2, tied);
    HeadLayer layer = (HeadLayer) network.layer(3);
    INDArray input = random(2 * CONTEXT, 8);
    network.buffers.shape(2, CONTEXT, 1);
    double[] nats = new double[2 * CONTEXT];
    layer.setLabels(random.ints(2 * CONTEXT, 0, VOCABULARY).toArray(), nats);
    INDArray[] gradients = new INDArray[2];
    DoubleSupplier loss =
        () -> {
          network.clearGradient();
          layer.setInput(input, NONE);
          gradients[1] = layer.backpropGradient(null, NONE).getSecond();
          return Arrays.stream(nats).sum();
        };
    assertThat(loss.getAsDouble()).isFinite();
    INDArray inputGradient = gradients[1].dup();

    assertGradient(network.gradient().array(), weights, loss);
    assertGradient(inputGradient, input, loss);
  }

  /** Compares the gradient with central differences of the loss in every value. */
  private static void assertGradient(INDArray gradient, INDArray of, DoubleSupplier loss) {
    assertGradient(gradient, of, loss, 1);
  }

  private static void assertGradient(
      INDArray gradient, INDArray of, DoubleSupplier loss, int stride) {
    INDArray analytic = gradient.dup('c').reshape(gradient.length());
    INDArray values = of.reshape(of.length());
    double step = 1e-5;
    for (long i = 0; i < values.length(); i += stride) {
      double value = values.getDouble(i);
      values.putScalar(i, value + step);
      double above = loss.getAsDouble();
      values.putScalar(i, value - step);
      double below = loss.getAsDouble();
      values.putScalar(i, value);
      double expected = (above - below) / (2 * step);
      assertThat(Math.abs(analytic.getDouble(i) - expected))
          .as("value %d: %s against %s", i, analytic.getDouble(i), expected)
          .isLessThan(1e-7 + 1e-5 * Math.abs(expected));
    }
  }

  private INDArray random(int rows, int columns) {
    return random(rows * columns, 1.0).reshape(rows, columns);
  }

  private INDArray random(int length, double deviation) {
    INDArray array = Nd4j.create(DataType.DOUBLE, 1, length);
    for (int i = 0; i < length; i++) {
      array.putScalar(i, deviation * random.nextGaussian());
    }
    return array;
  }
}
