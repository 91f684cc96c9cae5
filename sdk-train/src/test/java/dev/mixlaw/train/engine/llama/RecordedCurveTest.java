package dev.mixlaw.train.engine.llama;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mixlaw.api.spi.Precision;
import dev.mixlaw.train.engine.llama.cpu.CpuPlatform;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tests that the CPU engine still produces the recorded losses, and that bf16 stays within the
 * tolerance.
 */
class RecordedCurveTest {
  @BeforeEach
  void needsOneDnn() {
    assumeTrue(
        new CpuPlatform(Precision.FP32).unavailable().isEmpty(),
        () -> new CpuPlatform(Precision.FP32).unavailable().toString());
  }

  private static double[] by(RecordedCurve curve, Precision precision) {
    return curve.by(new LlamaEngine(new CpuPlatform(precision)), step -> {});
  }

  @ParameterizedTest
  @EnumSource
  void theCpuEngineReproducesTheCurveInSinglePrecision(RecordedCurve curve) {
    double[] losses = by(curve, Precision.FP32);
    assertThat(curve.differs(losses, 0.05)).isEmpty();
    assertThat(curve == RecordedCurve.SMALL || losses[499] < 0.5 * losses[0]).isTrue();

    losses[5] *= 1.1;
    assertThat(curve.differs(losses, 0.5)).isPresent();
    losses[5] = Double.NaN;
    assertThat(curve.differs(losses, 0.5)).isPresent();
  }

  @ParameterizedTest
  @EnumSource
  void bf16StaysWithinTheTolerance(RecordedCurve curve) {
    assumeTrue(new CpuPlatform(Precision.BF16).unavailable().isEmpty(), "no bf16");
    assertThat(curve.differs(by(curve, Precision.BF16), 0.5)).isEmpty();
  }
}
