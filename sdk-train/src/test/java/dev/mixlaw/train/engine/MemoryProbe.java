package dev.mixlaw.train.engine;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.api.spi.TrainingSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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

  public static void main(String[] args) throws IOException {
    TrainingEngine engine = Engines.byName(args[0]);
    SessionSpec spec = LARGE.get(Integer.parseInt(args[1]));
    // Natives loaded, code compiled: what any session takes.
    try (TrainingSession session = engine.open(SMALL)) {
      session.step(batch(SMALL), 1e-3);
      long before = offHeap();
      try (TrainingSession measured = engine.open(spec)) {
        measured.step(batch(spec), 1e-3);
        System.out.println(engine.cost(spec).memoryBytes() + " " + (offHeap() - before));
      }
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
