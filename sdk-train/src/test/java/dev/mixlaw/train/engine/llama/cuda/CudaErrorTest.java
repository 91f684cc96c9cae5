package dev.mixlaw.train.engine.llama.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingSession;
import dev.mixlaw.train.engine.llama.LlamaEngine;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests that errors of the GPU or its driver are reported by name, and that no resource leaks. */
class CudaErrorTest {
  private static final SessionSpec SPEC =
      new SessionSpec(
          ModelSpec.of("faulty", 32, 1, 1, 32).withContext(16), 40, 3, Recipe.standard(), 7, 1);

  @BeforeEach
  void needsACompiler() {
    assumeTrue(FakeCudaPlatform.canCompile(), "no g++");
    assertThat(FakeCudaPlatform.left()).as("of tests before").isZero();
  }

  @AfterEach
  void mend() {
    FakeCudaPlatform.mend();
  }

  private static TrainingSession open() {
    return new LlamaEngine(new FakeCudaPlatform(true, FakeCudaPlatform.LARGE)).open(SPEC);
  }

  private static int[] batch() {
    return new Random(1).ints(3L * 17, 0, 40).toArray();
  }

  /** Opens a session, trains with overlapping steps, and closes the session. */
  private static void train(int steps) {
    try (TrainingSession session = open()) {
      Supplier<?> last = session.begin(batch(), 1e-3);
      for (int i = 1; i < steps; i++) {
        Supplier<?> next = session.begin(batch(), 1e-3);
        assertThat(last.get()).isNotNull();
        last = next;
      }
      assertThat(last.get()).isNotNull();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "700, CUDA_ERROR_ILLEGAL_ADDRESS, inChildJvms",
    "719, CUDA_ERROR_LAUNCH_FAILED, inChildJvms",
    "702, CUDA_ERROR_LAUNCH_TIMEOUT, display",
    "214, CUDA_ERROR_ECC_UNCORRECTABLE, nvidia-smi",
    "999, CUDA_ERROR_UNKNOWN, nvidia-smi",
    "12345, CUDA error 12345, report"
  })
  void aGpuErrorEndsTheSessionAndIsNamed(int error, String name, String advice) {
    train(3);
    for (long works : new long[] {0, 40, 150}) {
      FakeCudaPlatform.breakAfter(works, error);
      assertThatThrownBy(() -> train(100))
          .as("after %d works", works)
          .isInstanceOf(MixlawException.class)
          .hasMessageContaining(name)
          .hasMessageContaining(advice);
      assertThat(FakeCudaPlatform.left()).isZero();
    }
    train(3);
  }

  /**
   * Lets a later and later call of the driver fail, until a session ends before it reaches that
   * call.
   */
  @Test
  void noResourceLeaksIfACallOfTheDriverFails() {
    int refused = 0;
    for (long calls = 0; ; calls += Math.max(1, calls / 20)) {
      FakeCudaPlatform.refuseAfter(calls, 2);
      Throwable failure = catchThrowable(() -> train(4));
      FakeCudaPlatform.refuseAfter(-1, 0);
      assertThat(FakeCudaPlatform.left()).as("after %d calls: %s", calls, failure).isZero();
      if (failure == null) {
        break;
      }
      refused++;
      assertThat(failure.toString())
          .as("after %d calls", calls)
          .containsAnyOf(
              "CUDA_ERROR_OUT_OF_MEMORY",
              "cuBLASLt error",
              "does not fit in memory",
              "knows no way");
    }
    assertThat(refused).isGreaterThan(50);
    train(3);
  }

  @Test
  void workThatDoesNotEndIsAnErrorAfterTheTimeLimit() {
    TrainingSession session = open();
    Supplier<?> step = session.begin(batch(), 1e-3);
    FakeCudaPlatform.hang();
    assertThatThrownBy(step::get)
        .isInstanceOf(MixlawException.class)
        .hasMessageContaining("not finished after")
        .hasMessageContaining(CudaPlatform.PATIENCE);
    session.close(); // does not wait, or the simulated GPU would abort
    assertThat(FakeCudaPlatform.left()).as("what nobody can give back").isPositive();
  }

  @Test
  void aFullGpuIsAnErrorBeforeTheFirstStepWithFiguresAndSettings() {
    long needed =
        new LlamaEngine(new FakeCudaPlatform(true, FakeCudaPlatform.LARGE))
            .cost(SPEC)
            .memoryBytes();
    for (long memory : new long[] {1 << 20, 40 << 20, 60 << 20, 200 << 20}) {
      FakeCudaPlatform.memory(memory);
      try {
        assertThatThrownBy(CudaErrorTest::open)
            .isInstanceOf(MixlawException.class)
            .hasMessageContaining("does not fit in memory: " + needed + " bytes")
            .hasMessageContaining("a smaller ModelSpec or batch");
      } finally {
        FakeCudaPlatform.memory(2L << 30);
      }
      assertThat(FakeCudaPlatform.left()).isZero();
    }
  }
}
