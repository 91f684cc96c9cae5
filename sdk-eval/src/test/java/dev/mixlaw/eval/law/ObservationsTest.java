package dev.mixlaw.eval.law;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.eval.law.Observations.Observation;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ObservationsTest {
  private static Observation checkpoint(double tokens, double loss, double weight, String run) {
    return new Observation(
        run + " at " + tokens, new double[] {tokens}, loss, weight, Optional.of(run));
  }

  @Test
  void rowsOfOneRunAreOneClusterAndOthersStandAlone() {
    Observations rows =
        ObservationsBuilder.of(Input.D)
            .add(checkpoint(1, 5, 1, "a"))
            .add(4, 1)
            .add(checkpoint(1, 6, 2, "b"))
            .add(checkpoint(2, 3, 1, "a"))
            .add(4, 1)
            .build();

    assertThat(rows.clusters())
        .containsExactly(new int[] {0, 3}, new int[] {1}, new int[] {2}, new int[] {4});
  }

  @Test
  void weightAndClusterStayWithTheirRow() {
    Observations rows =
        ObservationsBuilder.of(Input.D)
            .add(checkpoint(1, 5, 3, "a"))
            .add(checkpoint(2, 9, 2, "b"))
            .build()
            .dropHighest(1);

    assertThat(rows.get(0).weight()).isEqualTo(3);
    assertThat(rows.get(0).cluster()).contains("a");
    assertThat(rows.losses()).containsExactly(5);
  }

  @Test
  void aWeightIsAboveZero() {
    ObservationsBuilder rows = ObservationsBuilder.of(Input.D).add(checkpoint(1, 5, 0, "a"));

    assertThatThrownBy(rows::build)
        .isInstanceOf(MixlawException.class)
        .hasMessageContaining("a at 1.0, weight: 0.0; expected a finite number above 0");
  }

  @Test
  void theLowestRowOfEachPointIsKept() {
    Observations rows =
        ObservationsBuilder.of(Input.N, Input.D)
            .add("rate 1", 3.1, 1e6, 1e8)
            .add("rate 2", 3.0, 1e6, 1e8)
            .add("rate 3", 3.2, 1e6, 1e8)
            .add("rate 1", 2.8, 1e6, 1e9)
            .build()
            .lowestOfEachPoint();

    assertThat(rows.losses()).containsExactly(3.0, 2.8);
    assertThat(rows.get(0).label()).isEqualTo("rate 2");
  }
}
