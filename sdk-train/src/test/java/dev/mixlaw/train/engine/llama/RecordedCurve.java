package dev.mixlaw.train.engine.llama;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.Schedule;
import dev.mixlaw.api.spi.Precision;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.api.spi.TrainingSession;
import dev.mixlaw.api.spi.TrainingSession.StepResult;
import dev.mixlaw.train.engine.llama.cpu.CpuPlatform;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/**
 * Recorded losses of training steps on real text, computed by the CPU engine in single precision.
 * They are the expected values for a GPU on hosts where the CPU engine is not available.
 *
 * <p>The text is an earlier version of this project's documents. Each byte is a token.
 */
enum RecordedCurve {
  /** 500 steps of a model with 128 thousand parameters. */
  WHOLE(
      ModelSpec.of("recorded", 64, 2, 4, 176).withContext(48).withKeyValueHeads(2),
      8,
      500,
      "curve.txt"),

  /** A few steps of a small model, which a simulated GPU computes in seconds. */
  SMALL(ModelSpec.of("recorded small", 16, 1, 1, 32).withContext(16), 2, 10, "curve-small.txt");

  /**
   * Number of consecutive steps whose mean loss is compared. The rounding of bf16 changes the loss
   * of a single batch by more than the tolerance.
   */
  private static final int STRETCH = 10;

  private static final int VOCABULARY = 256;

  private final SessionSpec spec;
  private final int steps;
  private final String file;
  private final byte[] text = resource("text.txt");

  RecordedCurve(ModelSpec model, int sequences, int steps, String file) {
    Recipe recorded =
        new Recipe(
            Schedule.cosine(),
            OptionalDouble.empty(),
            1,
            Optional.empty(),
            0.1,
            0.9,
            0.95,
            1e-8,
            1);
    spec = new SessionSpec(model, VOCABULARY, sequences, recorded, 17, 2);
    this.steps = steps;
    this.file = file;
  }

  int steps() {
    return steps;
  }

  private double[] losses() {
    return new String(resource(file), StandardCharsets.UTF_8)
        .lines()
        .mapToDouble(Double::parseDouble)
        .toArray();
  }

  private static byte[] resource(String name) {
    try (InputStream in = RecordedCurve.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private int[] batch(int step) {
    Random random = new Random(step);
    int length = spec.model().context() + 1;
    int[] batch = new int[spec.batchSequences() * length];
    for (int s = 0; s < spec.batchSequences(); s++) {
      int from = random.nextInt(text.length - length);
      for (int i = 0; i < length; i++) {
        batch[s * length + i] = text[from + i] & 0xff;
      }
    }
    return batch;
  }

  /**
   * Returns the learning rate of a step: a linear warm-up over 20 steps, times a linear decay to 0.
   */
  private double rate(int step) {
    return 1e-3 * Math.min(1, (step + 1) / 20.0) * (steps - step) / steps;
  }

  /**
   * Returns the losses of an engine. Each step begins before the result of the previous step is
   * read.
   */
  double[] by(TrainingEngine engine, IntConsumer progress) {
    double[] found = new double[steps];
    try (TrainingSession session = engine.open(spec)) {
      Supplier<StepResult> before = session.begin(batch(0), rate(0));
      for (int i = 1; i < steps; i++) {
        Supplier<StepResult> next = session.begin(batch(i), rate(i));
        found[i - 1] = before.get().loss();
        progress.accept(i);
        before = next;
      }
      found[steps - 1] = before.get().loss();
    }
    return found;
  }

  /**
   * Returns a description of the first mean loss that differs by more than a percentage; empty if
   * there is none.
   */
  Optional<String> differs(double[] found, double percent) {
    double[] losses = losses();
    for (int from = 0; from + STRETCH <= found.length; from += STRETCH) {
      double expected = mean(losses, from);
      double is = mean(found, from);
      if (!(Math.abs(is - expected) <= percent / 100 * expected)) {
        return Optional.of("from step " + from + " the loss is " + is + ", not " + expected);
      }
    }
    return Optional.empty();
  }

  /** Returns the largest difference of a mean loss over {@link #STRETCH} steps, in percent. */
  double largestDifference(double[] found) {
    double[] losses = losses();
    double largest = 0;
    for (int from = 0; from + STRETCH <= found.length; from += STRETCH) {
      double expected = mean(losses, from);
      largest = Math.max(largest, Math.abs(mean(found, from) - expected) / expected);
    }
    return 100 * largest;
  }

  private static double mean(double[] of, int from) {
    return Arrays.stream(of, from, from + STRETCH).average().orElseThrow();
  }

  /** Records all curves in the directory that is the first argument. */
  public static void main(String[] args) throws IOException {
    for (RecordedCurve curve : values()) {
      StringBuilder lines = new StringBuilder();
      for (double loss : curve.by(new LlamaEngine(new CpuPlatform(Precision.FP32)), step -> {})) {
        lines.append(loss).append('\n');
      }
      Files.writeString(Path.of(args[0]).resolve(curve.file), lines);
    }
  }
}
