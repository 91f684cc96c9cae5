package dev.mixlaw.train.engine.decoder.cuda;

import dev.mixlaw.train.engine.decoder.NativeEngine;

/**
 * The engine {@code cuda}: the native engine's decoder on an NVIDIA card.
 *
 * <p>To be asked for by name: it goes first in {@code auto} when its check has passed on a card.
 */
public final class CudaEngine extends NativeEngine {
  /** Below every other. */
  private static final int UNTRIED = 5;

  public CudaEngine() {
    super("cuda", new Cuda(), UNTRIED);
  }
}
