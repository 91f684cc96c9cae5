package dev.mixlaw.train.engine;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.spi.ModelSession;
import dev.mixlaw.api.spi.SamplingModel;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.api.spi.TrainingSession;
import dev.mixlaw.train.engine.weights.Checkpoint;
import dev.mixlaw.train.engine.weights.InitialWeights;
import dev.mixlaw.train.storage.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Prints what memory a session is said to take, and takes: a program, run by the contract. */
final class MemoryProbe {
  static final Path STATUS = Path.of("/proc/self/statm");

  private static final SessionSpec SMALL =
      spec(ModelSpec.of("small", 16, 1, 2, 16).withContext(16), 100, 2, 1);

  /** Models whose memory is mostly weights, and mostly activations. */
  private static final List<SessionSpec> LARGE =
      List.of(
          spec(ModelSpec.of("wide", 384, 4, 6, 1024).withContext(64), 8000, 2, 1),
          spec(ModelSpec.of("long", 128, 4, 8, 352).withContext(512), 2000, 4, 2));

  private MemoryProbe() {}

  private static SessionSpec spec(ModelSpec model, int vocabulary, int batch, int threads) {
    return new SessionSpec(model, vocabulary, batch, Recipe.standard(), 1, threads);
  }

  /**
   * Arguments: engine, then {@code cost} of training, {@code model} for evaluation or {@code
   * writing} of text and which model, or {@code growth} and the steps of a stretch.
   */
  public static void main(String[] args) throws IOException {
    TrainingEngine engine = Engines.byName(args[0]);
    int number = Integer.parseInt(args[2]);
    // Natives loaded, code compiled: what any session takes.
    try (TrainingSession session = engine.open(SMALL)) {
      switch (args[1]) {
        case "cost" -> cost(engine, session, LARGE.get(number));
        case "model" -> modelCost(engine, session, LARGE.get(number));
        case "writing" -> writingCost(engine, session, LARGE.get(number));
        default -> growth(session, number);
      }
    }
  }

  private static void cost(TrainingEngine engine, TrainingSession small, SessionSpec spec)
      throws IOException {
    small.step(batch(SMALL), 1e-3);
    long before = offHeap();
    try (TrainingSession measured = engine.open(spec)) {
      measured.step(batch(spec), 1e-3);
      System.out.println(engine.cost(spec).memoryBytes() + " " + (offHeap() - before));
    }
  }

  private static void modelCost(TrainingEngine engine, TrainingSession small, SessionSpec spec)
      throws IOException {
    small.model().losses(batch(SMALL), 2, 16, new float[32]);
    int[] batch = batch(spec);
    float[] nats = new float[batch.length];
    saved(
        spec,
        directory -> {
          long before = offHeap();
          try (ModelSession measured = engine.openModel(directory, spec.threads())) {
            measured.model().losses(batch, spec.batchSequences(), spec.model().context(), nats);
            return engine.modelCost(spec.model(), spec.vocabulary(), spec.threads()).memoryBytes()
                + " "
                + (offHeap() - before);
          }
        });
  }

  private static void writingCost(TrainingEngine engine, TrainingSession small, SessionSpec spec)
      throws IOException {
    write(small);
    saved(
        spec,
        directory -> {
          try (ModelSession measured = engine.openModel(directory, spec.threads())) {
            long before = offHeap();
            write(measured);
            return engine
                    .writingCost(spec.model(), spec.vocabulary(), spec.threads())
                    .orElseThrow()
                    .memoryBytes()
                + " "
                + (offHeap() - before);
          }
        });
  }

  private static void write(ModelSession session) {
    var how = new SamplingModel.Sampling(5, 1, 0.9, 1, -1);
    ((SamplingModel) session.model()).sample(List.of(new int[] {1, 2, 3}), how);
  }

  private interface Measurement {
    String of(Path directory) throws IOException;
  }

  /** Prints what is measured on a saved model. */
  private static void saved(SessionSpec spec, Measurement measurement) throws IOException {
    Path directory = Files.createTempDirectory("mixlaw-memory-probe");
    try {
      new Checkpoint(spec.model(), spec.vocabulary())
          .save(
              directory,
              new Checkpoint.State(
                  0,
                  t -> InitialWeights.of(t, 4, 1),
                  t -> new float[(int) t.length()],
                  t -> new float[(int) t.length()]));
      System.out.println(measurement.of(directory));
    } finally {
      new Disk().delete(directory);
    }
  }

  /**
   * The median of what several stretches of steps took: the collector and the allocator add to some
   * of them and give back in others, a leak adds to each.
   */
  private static void growth(TrainingSession session, int steps) throws IOException {
    long[] taken = new long[7];
    for (int stretch = 0; stretch < taken.length; stretch++) {
      System.gc();
      long before = offHeap();
      steps(session, steps);
      System.gc();
      taken[stretch] = offHeap() - before;
    }
    Arrays.sort(taken);
    System.out.println(taken[taken.length / 2]);
  }

  private static void steps(TrainingSession session, int steps) {
    int[] batch = batch(SMALL);
    float[] nats = new float[32];
    for (int i = 0; i < steps; i++) {
      session.step(batch, 1e-3);
      session.model().losses(batch, 2, 16, nats);
    }
  }

  private static int[] batch(SessionSpec spec) {
    int ids = spec.batchSequences() * (spec.model().context() + 1);
    return new Random(1).ints(ids, 0, spec.vocabulary()).toArray();
  }

  /** Resident memory less Java's heap, which grows as it likes. */
  static long offHeap() throws IOException {
    long pages = Long.parseLong(Files.readString(STATUS).split(" ", -1)[1]);
    return pages * 4096 - Runtime.getRuntime().totalMemory();
  }
}
