package dev.mixlaw.train.engine.llama.cuda;

import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.train.engine.OwnEngineContract;
import dev.mixlaw.train.engine.llama.LlamaEngine;
import java.util.OptionalLong;
import org.junit.jupiter.api.Tag;

/**
 * Tests the engine {@code cuda} in single precision on a simulated GPU. Takes minutes, because each
 * memory access of a kernel is watched.
 */
@Tag("long")
class FakeCardEngineTest extends OwnEngineContract {
  @Override
  protected TrainingEngine engine() {
    return new LlamaEngine(new FakeCudaPlatform(false, FakeCudaPlatform.LARGE)) {
      @Override
      public OptionalLong deviceMemory() {
        return OptionalLong.of(1L << 30); // not measured in the process
      }
    };
  }
}
