package dev.mixlaw.train.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.api.spi.TrainingSession;
import dev.mixlaw.train.engine.weights.InitialWeights;
import dev.mixlaw.train.engine.weights.WeightLayout;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What every engine must do. */
abstract class EngineContract {
  abstract TrainingEngine engine();

  static final int VOCABULARY = 37;

  static ModelSpec model(int keyValueHeads, boolean tied) {
    return ModelSpec.of("contract", 24, 2, 4, 20)
        .withContext(9)
        .withKeyValueHeads(keyValueHeads)
        .withTiedHead(tied);
  }

  static SessionSpec spec(ModelSpec model, int batch, int threads) {
    return new SessionSpec(model, VOCABULARY, batch, Recipe.standard(), 7, threads);
  }

  static int[] ids(int sequences, int context, long seed) {
    Random random = new Random(seed);
    return random.ints((long) sequences * (context + 1), 0, VOCABULARY).toArray();
  }

  static Map<String, double[]> initial(SessionSpec spec) {
    Map<String, double[]> weights = new LinkedHashMap<>();
    for (WeightLayout.Tensor t : WeightLayout.of(spec.model(), spec.vocabulary()).tensors()) {
      float[] values = InitialWeights.of(t, spec.model().layers(), spec.seed());
      double[] copy = new double[values.length];
      for (int i = 0; i < copy.length; i++) {
        copy[i] = values[i];
      }
      weights.put(t.name(), copy);
    }
    return weights;
  }

  @ParameterizedTest
  @CsvSource({"4, true, 1", "2, true, 1", "1, false, 1", "4, false, 2", "2, true, 3"})
  void lossAndGradientsAreTheReference(int keyValueHeads, boolean tied, int threads) {
    SessionSpec spec = spec(model(keyValueHeads, tied), 5, threads);
    int[] ids = ids(5, 9, 3);
    var expected = new ReferenceDecoder(spec.model(), VOCABULARY, initial(spec)).run(ids, 9);
    try (TrainingSession session = engine().open(spec)) {
      var actual = session.gradients(ids);

      assertThat(actual.loss()).isCloseTo(expected.loss(), within(2e-6));
      assertThat(actual.byTensor().keySet()).isEqualTo(expected.gradients().keySet());
      expected
          .gradients()
          .forEach((name, values) -> assertClose(name, actual.byTensor().get(name), values));
    }
  }

  /** Within 2·10⁻⁵ of the tensor's largest value. */
  static void assertClose(String name, float[] actual, double[] expected) {
    double scale = 0;
    for (double e : expected) {
      scale = Math.max(scale, Math.abs(e));
    }
    assertThat(actual).as(name).hasSize(expected.length);
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) actual[i])
          .as("%s [%d]", name, i)
          .isCloseTo(expected[i], within(2e-5 * scale));
    }
  }
}
