package dev.mixlaw.train.engine.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mixlaw.api.ModelSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

class InitialWeightsTest {
  private static final List<WeightLayout.Tensor> TENSORS =
      WeightLayout.of(ModelSpec.of("m", 64, 8, 2, 128), 500).tensors();

  @Test
  void matricesAreNormalAndResidualOnesScaledByDepth() {
    assertThat(deviation("model.embed_tokens.weight")).isCloseTo(0.02, within(0.0005));
    assertThat(deviation("model.layers.3.mlp.up_proj.weight")).isCloseTo(0.02, within(0.0008));
    assertThat(deviation("model.layers.3.mlp.down_proj.weight")).isCloseTo(0.005, within(0.0002));
    assertThat(deviation("model.layers.7.self_attn.o_proj.weight"))
        .isCloseTo(0.005, within(0.0002));
    assertThat(InitialWeights.of(tensor("model.norm.weight"), 8, 1)).containsOnly(1f);
  }

  @Test
  void valuesDependOnSeedAndPlaceAlone() {
    WeightLayout.Tensor up = tensor("model.layers.3.mlp.up_proj.weight");

    assertThat(InitialWeights.of(up, 8, 1)).containsExactly(InitialWeights.of(up, 8, 1));
    assertThat(InitialWeights.of(up, 8, 1)[0]).isNotEqualTo(InitialWeights.of(up, 8, 2)[0]);
    assertThat(InitialWeights.of(up, 8, 1)[0])
        .isNotEqualTo(InitialWeights.of(tensor("model.layers.3.mlp.gate_proj.weight"), 8, 1)[0]);
    // This value was recorded. If it changes, no training run can be reproduced any more.
    assertThat(InitialWeights.of(up, 8, 1)[0]).isEqualTo(RECORDED);
  }

  private static final float RECORDED = -0.043424353f;

  private static WeightLayout.Tensor tensor(String name) {
    return TENSORS.stream().filter(t -> t.name().equals(name)).findFirst().orElseThrow();
  }

  private static double deviation(String name) {
    float[] values = InitialWeights.of(tensor(name), 8, 1);
    double sum = 0;
    double squares = 0;
    for (float v : values) {
      sum += v;
      squares += (double) v * v;
    }
    assertThat(sum / values.length).isCloseTo(0, within(0.001));
    return Math.sqrt(squares / values.length);
  }
}
