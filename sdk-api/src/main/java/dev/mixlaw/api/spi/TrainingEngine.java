package dev.mixlaw.api.spi;

import dev.mixlaw.api.Problem;
import java.util.Optional;

/** Trains decoders. Implementations agree on loss and gradients for the same weights and batch. */
public interface TrainingEngine {
  /** Such as {@code dl4j}. */
  String name();

  /**
   * Part of a run's identity beside the name: raised whenever the same work gives other digits than
   * before, and different for each setting that changes them, such as a number format.
   */
  default String version() {
    return "1";
  }

  /** What it would run on, such as {@code cpu (AVX-512)}; anything but a processor is one card. */
  String device();

  /** Why it cannot run here; empty if it can. */
  Optional<Problem> unavailable();

  /**
   * Of the engines that can run here, {@code auto} takes the one of highest rank, and of equals the
   * first by name. Those of Mixlaw: {@code dl4j} 10, {@code native} 50, on a card 100. Must not
   * load natives.
   */
  default int rank() {
    return 0;
  }

  /** What a session would take. */
  Cost cost(SessionSpec spec);

  /**
   * A fresh model.
   *
   * @throws dev.mixlaw.api.MixlawException if it cannot run here or does not fit
   */
  TrainingSession open(SessionSpec spec);

  /**
   * What a session takes.
   *
   * @param memoryBytes native and heap memory, everything counted
   * @param tokensPerSecond of training, roughly
   */
  record Cost(long memoryBytes, double tokensPerSecond) {}
}
