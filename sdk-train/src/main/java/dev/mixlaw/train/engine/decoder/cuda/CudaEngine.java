package dev.mixlaw.train.engine.decoder.cuda;

import dev.mixlaw.train.engine.decoder.NativeEngine;

/** The engine {@code cuda}: the native engine's decoder on an NVIDIA card. */
public final class CudaEngine extends NativeEngine {
  public CudaEngine() {
    super("cuda", new Cuda(), Host.mayHaveACard() ? 100 : 5);
  }
}
