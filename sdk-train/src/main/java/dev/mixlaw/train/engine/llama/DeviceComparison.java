package dev.mixlaw.train.engine.llama;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingSession;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Compares two devices by training tiny models on both.
 *
 * @param tested the device whose results are checked
 * @param reference a trusted device that computes in single precision
 * @param tolerance the differences that the number format of the tested device can cause
 */
public record DeviceComparison(Platform tested, Platform reference, Tolerance tolerance) {
  private static final int STEPS = 6;
  private static final double RATE = 5e-3;

  /**
   * The largest differences that rounding can explain.
   *
   * @param loss relative difference between the losses
   * @param gradient norm of the difference between two gradients of a tensor, divided by the norm
   *     of the reference gradient
   * @param training relative difference between the losses after several steps
   */
  public record Tolerance(double loss, double gradient, double training) {
    public static final Tolerance SINGLE = new Tolerance(1e-5, 1e-3, 1e-3);

    /** The tolerance for matrix products in bf16 or TF32. */
    public static final Tolerance ROUNDED = new Tolerance(2e-3, 3e-2, 1e-2);
  }

  /**
   * Returns a model for each head size that has its own kernels. One model is larger than a tile,
   * and one has QK-norm.
   */
  public static List<SessionSpec> models() {
    return List.of(
        spec(
            ModelSpec.of("comparison with heads of 32", 64, 1, 2, 96)
                .withContext(70)
                .withQkNorm(true),
            96,
            2),
        spec(ModelSpec.of("comparison with heads of 128", 256, 1, 2, 96).withContext(70), 96, 2),
        spec(
            ModelSpec.of("comparison with heads of 64", 256, 2, 4, 688).withContext(200), 1000, 8));
  }

  private static SessionSpec spec(ModelSpec model, int vocabulary, int batch) {
    return new SessionSpec(
        model.withKeyValueHeads(model.heads() / 2), vocabulary, batch, Recipe.standard(), 7, 1);
  }

  /** Trains a model on both devices and returns the differences between their results. */
  public List<String> differences(SessionSpec spec) {
    List<String> found = new ArrayList<>();
    try (TrainingSession one = new LlamaEngine(tested).open(spec);
        TrainingSession other = new LlamaEngine(reference).open(spec)) {
      compareGradients(spec, one, other, found);
      compareShortSequences(spec, one, other, found);
      List<Double> losses = train(spec, one);
      List<Double> expected = train(spec, other);
      for (int i = 0; i < STEPS; i++) {
        double allowed = i == 0 ? tolerance.loss() : tolerance.training();
        compare("loss of step " + (i + 1), losses.get(i), expected.get(i), allowed, found);
      }
      compareRepetition(spec, losses, found);
    }
    return found.stream().map(f -> spec.model().name() + ": " + f).toList();
  }

  private void compareGradients(
      SessionSpec spec, TrainingSession one, TrainingSession other, List<String> found) {
    Map<String, float[]> actual = one.gradients(batch(spec, 0));
    Map<String, float[]> expected = other.gradients(batch(spec, 0));
    for (Map.Entry<String, float[]> e : expected.entrySet()) {
      float[] gradient = actual.get(e.getKey());
      compare("gradient of " + e.getKey(), gradient, e.getValue(), tolerance.gradient(), found);
    }
  }

  /** Compares the losses on short sequences, which do not fill a tile. */
  private void compareShortSequences(
      SessionSpec spec, TrainingSession one, TrainingSession other, List<String> found) {
    int length = spec.model().context() / 2 + 1;
    int[] ids = ids(spec, 3 * (length + 1), 99);
    float[] actual = new float[3 * (length - 5)];
    float[] expected = new float[actual.length];
    one.model().losses(ids, 3, length, 5, actual);
    other.model().losses(ids, 3, length, 5, expected);
    compare("losses of text", actual, expected, tolerance.loss(), found);
  }

  private void compareRepetition(SessionSpec spec, List<Double> losses, List<String> found) {
    try (TrainingSession repeated = new LlamaEngine(tested).open(spec)) {
      List<Double> second = train(spec, repeated);
      if (!second.equals(losses)) {
        found.add(
            "repeated steps: losses " + losses + " and " + second + "; expected equal losses");
      }
    }
  }

  private static List<Double> train(SessionSpec spec, TrainingSession session) {
    List<Double> losses = new ArrayList<>();
    for (int i = 0; i < STEPS; i++) {
      losses.add(session.step(batch(spec, i), RATE).loss());
    }
    return losses;
  }

  private static void compare(
      String what, double actual, double expected, double most, List<String> found) {
    compare(
        what + ": " + actual + " instead of " + expected,
        Math.abs(actual - expected) / expected,
        most,
        found);
  }

  /** Adds a message if the relative difference exceeds {@code most} or is NaN. */
  private static void compare(
      String what, float[] actual, float[] expected, double most, List<String> found) {
    double difference = 0;
    double norm = 0;
    for (int i = 0; i < expected.length; i++) {
      double d = (double) actual[i] - expected[i];
      difference += d * d;
      norm += (double) expected[i] * expected[i];
    }
    compare(what, Math.sqrt(difference / norm), most, found);
  }

  private static void compare(String what, double off, double most, List<String> found) {
    if (!(off <= most)) {
      found.add(
          Texts.format("%s: relative difference %.2g; expected at most %.2g", what, off, most));
    }
  }

  private static int[] batch(SessionSpec spec, int step) {
    return ids(spec, spec.batchSequences() * (spec.model().context() + 1), step);
  }

  /** Returns tokens that a model can learn to predict from the preceding token. */
  private static int[] ids(SessionSpec spec, int n, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] ids = new int[n];
    for (int i = 0; i < n; i++) {
      int before = i == 0 ? 0 : ids[i - 1];
      ids[i] =
          random.nextInt(4) == 0
              ? random.nextInt(1 + random.nextInt(spec.vocabulary()))
              : (before * 7 + 3) % spec.vocabulary();
    }
    return ids;
  }
}
