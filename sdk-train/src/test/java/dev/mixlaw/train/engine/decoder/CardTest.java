package dev.mixlaw.train.engine.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingSession;
import dev.mixlaw.train.engine.decoder.cuda.Cuda;
import dev.mixlaw.train.engine.decoder.cuda.RoundedContract;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kernels and whole sessions on a card, where there is one. */
class CardTest {
  @Nested
  class InSinglePrecision extends KernelContract {
    @Override
    Platform platform() {
      return new Cuda("fp32");
    }

    @Override
    double precision() {
      return 2e-6;
    }
  }

  /** Products of ten bits a factor. */
  @Nested
  class InTf32 extends KernelContract {
    @Override
    Platform platform() {
      return new Cuda("tf32");
    }

    @Override
    double precision() {
      return 2e-3;
    }
  }

  @Nested
  class InBf16 extends RoundedContract {
    @Override
    protected Platform platform(boolean rounded, boolean largeMemory) {
      return new Cuda(rounded ? "bf16" : "fp32");
    }
  }

  @Test
  void aSessionThatWasSavedGoesOnToTheSameBits(@TempDir Path directory) {
    Platform card = new Cuda("bf16");
    assumeTrue(card.unavailable().isEmpty(), () -> card.unavailable().toString());
    ModelSpec model = ModelSpec.of("resumed", 256, 4, 4, 688).withContext(300);
    SessionSpec spec = new SessionSpec(model, 5000, 20, Recipe.standard(), 1, 1);
    int[] batch = new Random(2).ints(20L * 301, 0, 5000).toArray();
    double[] losses = new double[6];
    try (TrainingSession session = new NativeEngine(card).open(spec)) {
      for (int i = 0; i < losses.length; i++) {
        if (i == 3) {
          session.save(directory);
        }
        losses[i] = session.step(batch, 1e-3).loss();
      }
    }
    assertThat(losses[5]).isLessThan(losses[0]);
    try (TrainingSession session = new NativeEngine(card).open(spec)) {
      session.load(directory);
      for (int i = 3; i < losses.length; i++) {
        assertThat(session.step(batch, 1e-3).loss()).as("step %d", i).isEqualTo(losses[i]);
      }
    }
  }
}
