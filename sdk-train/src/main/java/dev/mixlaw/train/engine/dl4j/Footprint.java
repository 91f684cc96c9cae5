package dev.mixlaw.train.engine.dl4j;

import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.train.engine.weights.WeightLayout;

/** What a session takes, from its shape. */
final class Footprint {
  /** Floating-point operations a second and thread, all of a step counted: see BENCHMARKS.md. */
  private static final double SPEED = 50e9;

  /** Java's copies for a block of work, DL4J's objects, ids: what does not grow with the model. */
  private static final long FIXED = 16L << 20;

  private Footprint() {}

  static TrainingEngine.Cost of(SessionSpec spec) {
    long weights = WeightLayout.of(spec.model(), spec.vocabulary()).size();
    int workers = Dl4jSession.workers(spec);
    long buffers = Buffers.values(spec.model(), spec.vocabulary(), Dl4jSession.part(spec));
    // Weights and two moments once, gradients and buffers for every worker.
    long values = 3 * weights + workers * (weights + buffers);
    double flops = spec.model().trainingFlopsPerToken(spec.vocabulary());
    return new TrainingEngine.Cost(values * Float.BYTES + FIXED, workers * SPEED / flops);
  }
}
