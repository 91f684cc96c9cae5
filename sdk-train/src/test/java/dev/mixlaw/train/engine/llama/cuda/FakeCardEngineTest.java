package dev.mixlaw.train.engine.llama.cuda;

import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.train.engine.OwnEngineContract;
import dev.mixlaw.train.engine.llama.LlamaEngine;
import java.util.OptionalLong;
import org.junit.jupiter.api.Tag;

/**
 * The kernels of the engine cuda on the processor, in single precision: minutes, since each access
 * of a kernel is watched.
 */
@Tag("long")
class FakeCardEngineTest extends OwnEngineContract {
  @Override
  protected TrainingEngine engine() {
    return new LlamaEngine(new FakeCudaPlatform(false, FakeCudaPlatform.LARGE)) {
      @Override
      public OptionalLong deviceMemory() {
        return OptionalLong.of(1L << 30); // memory of the process says nothing about a card's
      }
    };
  }
}
