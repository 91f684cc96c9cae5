package dev.mixlaw.train.engine.llama.cpu;

import dev.mixlaw.train.engine.llama.LlamaEngine;

/** The engine {@code native}: the Llama decoder on the processor's cores. */
public final class NativeEngine extends LlamaEngine {
  /** Creates the engine with the precision that {@value CpuPlatform#PRECISION} selects. */
  public NativeEngine() {
    super(new CpuPlatform());
  }
}
