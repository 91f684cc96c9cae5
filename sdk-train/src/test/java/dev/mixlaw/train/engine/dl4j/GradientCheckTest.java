package dev.mixlaw.train.engine.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mixlaw.api.ModelSpec;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Every weight's gradient against finite differences, in double precision. */
class GradientCheckTest {
  private static final int VOCABULARY = 11;

  @ParameterizedTest
  @CsvSource({"2, 2, true", "4, 2, true", "4, 1, false"})
  void wholeModel(int heads, int keyValueHeads, boolean tied) {
    ModelSpec model =
        ModelSpec.of("check", 8, 2, heads, 12)
            .withContext(5)
            .withKeyValueHeads(keyValueHeads)
            .withTiedHead(tied);
    int[] ids = new Random(1).ints(3L * 6, 0, VOCABULARY).toArray();
    var layout = dev.mixlaw.train.engine.weights.WeightLayout.of(model, VOCABULARY);
    try (INDArray weights = Nd4j.create(DataType.DOUBLE, 1, layout.size());
        DecoderNetwork network =
            new DecoderNetwork(model, VOCABULARY, 2, weights, new Nd4jKernels())) {
      Random random = new Random(2);
      for (long i = 0; i < layout.size(); i++) {
        weights.putScalar(i, 0.4 * random.nextGaussian());
      }
      loss(network, ids);
      INDArray gradient = network.gradient().array().dup();
      for (long i = 0; i < layout.size(); i++) {
        double value = weights.getDouble(i);
        double h = 1e-5;
        weights.putScalar(i, value + h);
        double above = loss(network, ids);
        weights.putScalar(i, value - h);
        double below = loss(network, ids);
        weights.putScalar(i, value);
        double expected = (above - below) / (2 * h);
        assertThat(Math.abs(gradient.getDouble(i) - expected))
            .as("weight %d: %s against %s", i, gradient.getDouble(i), expected)
            .isLessThan(1e-7 + 1e-5 * Math.abs(expected));
      }
      gradient.close();
    }
  }

  private static double loss(DecoderNetwork network, int[] ids) {
    network.clearGradient();
    return (network.accumulate(ids, 0, 2, 1) + network.accumulate(ids, 2, 1, 1));
  }
}
