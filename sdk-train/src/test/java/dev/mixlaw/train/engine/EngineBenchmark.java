package dev.mixlaw.train.engine;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.api.spi.TrainingSession;
import java.util.Locale;
import java.util.Random;

/**
 * Measures an engine's training speed; see BENCHMARKS.md. Arguments: engine, width, layers, heads,
 * feed-forward, context, sequences, vocabulary, threads, sessions at once, seconds.
 */
final class EngineBenchmark {
  private EngineBenchmark() {}

  public static void main(String[] args) throws InterruptedException {
    TrainingEngine engine = Engines.byName(args[0]);
    int[] n = new int[args.length];
    for (int i = 1; i < args.length; i++) {
      n[i] = Integer.parseInt(args[i]);
    }
    ModelSpec model = ModelSpec.of("bench", n[1], n[2], n[3], n[4]).withContext(n[5]);
    SessionSpec spec = new SessionSpec(model, n[7], n[6], Recipe.standard(), 1, n[8]);
    Thread[] threads = new Thread[n[9]];
    double[] speed = new double[n[9]];
    for (int i = 0; i < threads.length; i++) {
      int index = i;
      threads[i] = new Thread(() -> speed[index] = train(engine, spec, n[10]));
      threads[i].start();
    }
    double total = 0;
    for (int i = 0; i < threads.length; i++) {
      threads[i].join();
      total += speed[i];
    }
    double flops = total * model.trainingFlopsPerToken(n[7]);
    System.out.printf(
        Locale.ROOT,
        "%s %s N=%d threads=%d sessions=%d: %.0f tokens/s, %.1f GFLOP/s, cost says %.0f tokens/s"
            + " and %d MB%n",
        String.join(" ", args),
        engine.device(),
        model.nonEmbeddingParameters(),
        n[8],
        n[9],
        total,
        flops / 1e9,
        engine.cost(spec).tokensPerSecond() * n[9],
        engine.cost(spec).memoryBytes() >> 20);
  }

  private static double train(TrainingEngine engine, SessionSpec spec, int seconds) {
    int[] batch = new int[spec.batchSequences() * (spec.model().context() + 1)];
    Random random = new Random(1);
    for (int i = 0; i < batch.length; i++) {
      batch[i] = random.nextInt(spec.vocabulary());
    }
    try (TrainingSession session = engine.open(spec)) {
      long warm = System.nanoTime() + 3_000_000_000L;
      while (System.nanoTime() < warm) {
        session.step(batch, 1e-3);
      }
      long start = System.nanoTime();
      long end = start + seconds * 1_000_000_000L;
      long steps = 0;
      long now = start;
      for (; now < end; now = System.nanoTime()) {
        session.step(batch, 1e-3);
        steps++;
      }
      return steps
          * (double) spec.batchSequences()
          * spec.model().context()
          / ((now - start) / 1e9);
    }
  }
}
