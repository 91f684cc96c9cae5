package dev.mixlaw.eval.mixture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class AutoScaleTest {
  @Test
  void aSourceThatGrowsFasterThanTheBudgetGoesOnDoingSo() {
    double[] next = MixtureModel.autoScale(new double[] {2, 1}, new double[] {8, 2});

    assertThat(next).containsExactly(32, 4);
  }

  @Test
  void anAbsentSourceHasNoRule() {
    assertThatThrownBy(() -> MixtureModel.autoScale(new double[] {1, 0}, new double[] {1, 1}))
        .hasMessageContaining("source 1: 0.0");
    assertThatThrownBy(
            () -> MixtureModel.autoScale(new double[] {1, 1}, new double[] {1, Double.NaN}))
        .hasMessageContaining("source 1: NaN");
    assertThatThrownBy(() -> MixtureModel.autoScale(new double[] {1}, new double[] {1, 1}))
        .hasMessageContaining("1 and 2 amounts");
  }
}
