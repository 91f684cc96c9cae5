package dev.mixlaw.eval.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class GramSchmidtTest {
  /** A row-major matrix of four rows and two columns: 1, and x from 0 to 3. */
  private static final double[] LINE = {1, 0, 1, 1, 1, 2, 1, 3};

  @Test
  void residualsAreThoseOfALinearFit() {
    double[] rest = new GramSchmidt(LINE, 4, 2).residuals(new double[] {1, 3, 5, 8});
    // the least-squares line is 0.8 + 2.3·x
    assertThat(rest).containsExactly(new double[] {.2, -.1, -.4, .3}, within(1e-12));
  }

  @Test
  void aLinearlyDependentColumnIsDetectedAndIgnored() {
    double[] twice = {1, 2, 1, 2, 1, 2};
    GramSchmidt columns = new GramSchmidt(twice, 3, 2);
    assertThat(columns.independent()).isFalse();
    assertThat(new GramSchmidt(LINE, 4, 2).independent()).isTrue();
    assertThat(columns.residuals(new double[] {1, 2, 3}))
        .containsExactly(new double[] {-1, 0, 1}, within(1e-12));
  }
}
