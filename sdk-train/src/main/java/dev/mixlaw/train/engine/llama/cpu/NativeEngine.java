package dev.mixlaw.train.engine.llama.cpu;

import dev.mixlaw.api.spi.Precision;
import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.train.engine.llama.LlamaEngine;

/** The engine {@code native}, which runs the Llama decoder on the CPU. */
public final class NativeEngine extends LlamaEngine {
  /** Creates the engine with the precision that {@value CpuPlatform#PRECISION} selects. */
  public NativeEngine() {
    super(new CpuPlatform());
  }

  private NativeEngine(CpuPlatform platform) {
    super(platform);
  }

  @Override
  public TrainingEngine precision(Precision format) {
    return new NativeEngine(new CpuPlatform(format));
  }
}
