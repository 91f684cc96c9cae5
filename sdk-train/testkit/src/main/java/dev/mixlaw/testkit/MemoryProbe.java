package dev.mixlaw.testkit;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.spi.LanguageModel;
import dev.mixlaw.api.spi.SamplingModel;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.api.spi.TrainingSession;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * A program that prints the memory that an engine states for a session, and the memory that the
 * session really uses. It runs in its own JVM, because a session could otherwise reuse the memory
 * that earlier sessions freed.
 */
final class MemoryProbe {
  static final Path STATUS = Path.of("/proc/self/statm");

  private static final SessionSpec SMALL =
      spec(ModelSpec.of("small", 16, 1, 2, 16).withContext(16), 100, 2, 1);

  /** Models whose memory is mostly weights, and mostly activations. */
  static final List<SessionSpec> LARGE =
      List.of(
          spec(ModelSpec.of("wide", 384, 4, 6, 1024).withContext(64), 8000, 2, 1),
          spec(ModelSpec.of("long", 128, 4, 8, 352).withContext(512), 2000, 4, 2));

  private MemoryProbe() {}

  private static SessionSpec spec(ModelSpec model, int vocabulary, int batch, int threads) {
    return new SessionSpec(model, vocabulary, batch, Recipe.standard(), 1, threads);
  }

  /**
   * Runs this program.
   *
   * @param args name of the test class that provides the engine; {@code cost} of training, {@code
   *     model} for evaluation, {@code writing} of text, or {@code growth}; index of the model, or
   *     number of steps; directory of the saved model
   */
  public static void main(String[] args) throws ReflectiveOperationException, IOException {
    Constructor<?> test = Class.forName(args[0]).getDeclaredConstructor();
    test.setAccessible(true);
    TrainingEngine engine = ((EngineContract) test.newInstance()).engine();
    int number = Integer.parseInt(args[2]);
    Path directory = Path.of(args[3]);
    // The first session loads native libraries and compiles code.
    try (TrainingSession session = engine.open(SMALL)) {
      switch (args[1]) {
        case "cost" -> cost(engine, session, LARGE.get(number));
        case "model" -> modelCost(engine, session, LARGE.get(number), directory);
        case "writing" -> writingCost(engine, session, LARGE.get(number), directory);
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
      print(engine.cost(spec), before);
    }
  }

  private static void modelCost(
      TrainingEngine engine, TrainingSession small, SessionSpec spec, Path directory)
      throws IOException {
    small.model().losses(batch(SMALL), 2, 16, new float[32]);
    int[] batch = batch(spec);
    float[] nats = new float[batch.length];
    long before = offHeap();
    try (LanguageModel measured = engine.openModel(directory, spec.threads())) {
      measured.losses(batch, spec.batchSequences(), spec.model().context(), nats);
      print(engine.modelCost(spec.model(), spec.vocabulary(), spec.threads()), before);
    }
  }

  private static void writingCost(
      TrainingEngine engine, TrainingSession small, SessionSpec spec, Path directory)
      throws IOException {
    write(small.model());
    try (LanguageModel measured = engine.openModel(directory, spec.threads())) {
      long before = offHeap();
      write(measured);
      print(
          engine.writingCost(spec.model(), spec.vocabulary(), spec.threads()).orElseThrow(),
          before);
    }
  }

  private static void print(TrainingEngine.Cost stated, long before) throws IOException {
    System.out.println(stated.memoryBytes() + " " + (offHeap() - before));
  }

  private static void write(LanguageModel model) {
    var settings = new SamplingModel.Sampling(5, 1, 0.9, 1, -1);
    ((SamplingModel) model).sample(List.of(new int[] {1, 2, 3}), settings);
  }

  /**
   * Prints the median growth of memory over several intervals of steps. In some intervals, the
   * garbage collector and the allocator take memory, and in others they free it. A leak takes
   * memory in every interval.
   */
  private static void growth(TrainingSession session, int steps) throws IOException {
    long[] taken = new long[7];
    int[] batch = batch(SMALL);
    float[] nats = new float[32];
    for (int stretch = 0; stretch < taken.length; stretch++) {
      System.gc();
      long before = offHeap();
      for (int i = 0; i < steps; i++) {
        session.step(batch, 1e-3);
        session.model().losses(batch, 2, 16, nats);
      }
      System.gc();
      taken[stretch] = offHeap() - before;
    }
    Arrays.sort(taken);
    System.out.println(taken[taken.length / 2]);
  }

  private static int[] batch(SessionSpec spec) {
    int ids = spec.batchSequences() * (spec.model().context() + 1);
    return new Random(1).ints(ids, 0, spec.vocabulary()).toArray();
  }

  /** Returns the resident memory of this process in bytes, without the Java heap. */
  private static long offHeap() throws IOException {
    long pages = Long.parseLong(Files.readString(STATUS).split(" ", -1)[1]);
    return pages * 4096 - Runtime.getRuntime().totalMemory();
  }
}
