package dev.mixlaw.train.engine.dl4j;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.train.engine.weights.WeightLayout;
import java.util.ArrayList;
import java.util.List;

/**
 * Memory and speed of a session, computed from its shape.
 *
 * @param weights number of values in the model
 * @param buffers number of values in one network's buffers
 * @param networks number of networks that share the weights
 * @param trained whether there are gradients and moments
 */
record Footprint(long weights, long buffers, int networks, boolean trained, double flopsPerToken) {
  /**
   * Number of floating-point operations per second and thread, averaged over a whole step (see
   * BENCHMARKS.md).
   */
  private static final double SPEED = 50e9;

  /** Number of bytes that do not grow with the model: work arrays, DL4J's objects, token ids. */
  private static final long FIXED = 2L << 20;

  static Footprint of(SessionSpec spec, boolean trained) {
    double flops = spec.model().trainingFlopsPerToken(spec.vocabulary());
    return new Footprint(
        WeightLayout.of(spec.model(), spec.vocabulary()).size(),
        Buffers.values(spec.model(), spec.vocabulary(), Dl4jModel.part(spec), trained),
        Dl4jModel.workers(spec),
        trained,
        trained ? flops : flops / 3); // a forward pass is a third of the work
  }

  /**
   * Returns the memory and the speed of the session.
   *
   * @throws MixlawException if the model is too large for this engine
   */
  TrainingEngine.Cost cost() {
    check();
    // There is one copy of the weights and of two moments, but each network has its own gradients
    // and buffers.
    long values =
        trained ? 3 * weights + networks * (weights + buffers) : weights + networks * buffers;
    return new TrainingEngine.Cost(
        values * Float.BYTES + networks * FIXED, networks * SPEED / flopsPerToken);
  }

  /** Checks that no array is too large for Java's buffers, which have 31-bit positions. */
  private void check() {
    List<Problem> problems = new ArrayList<>();
    if (weights > Integer.MAX_VALUE) {
      problems.add(tooLarge("weights", weights));
    }
    if (buffers > Integer.MAX_VALUE) {
      problems.add(tooLarge("activations of one sequence", buffers));
    }
    if (!problems.isEmpty()) {
      throw new MixlawException(MixlawException.Kind.ENGINE, problems, null);
    }
  }

  private static Problem tooLarge(String what, long values) {
    return new Problem(
        "engine dl4j: " + what + " do not fit",
        values + " values",
        "at most " + Integer.MAX_VALUE,
        "use a smaller ModelSpec");
  }
}
