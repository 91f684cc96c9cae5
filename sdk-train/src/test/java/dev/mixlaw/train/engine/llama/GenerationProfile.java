package dev.mixlaw.train.engine.llama;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.spi.Precision;
import dev.mixlaw.api.spi.SamplingModel;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingSession;
import dev.mixlaw.train.engine.llama.cpu.CpuPlatform;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * A program that prints how the CPU time per generated token is divided among the kernels, on one
 * thread (see BENCHMARKS.md).
 *
 * <p>Its arguments are fp32 or bf16, width, layers, heads, feed-forward width, vocabulary, number
 * of texts, tokens per prompt, generated tokens per text, and top-p.
 */
final class GenerationProfile {
  private GenerationProfile() {}

  public static void main(String[] args) {
    int[] n = new int[args.length];
    for (int i = 1; i < 9; i++) {
      n[i] = Integer.parseInt(args[i]);
    }
    ModelSpec model =
        ModelSpec.of("profile", n[1], n[2], n[3], n[4])
            .withContext(n[7] + n[8])
            .withTiedHead(false);
    SessionSpec spec = new SessionSpec(model, n[5], 1, Recipe.standard(), 1, 1);
    var how = new SamplingModel.Sampling(n[8], 1, Double.parseDouble(args[9]), 1, -1);
    List<int[]> prompts =
        IntStream.range(0, n[6])
            .mapToObj(i -> new Random(i).ints(n[7], 0, n[5]).toArray())
            .toList();
    CpuPlatform cpu = new CpuPlatform(Precision.valueOf(args[0].toUpperCase(Locale.ROOT)));
    try (TrainingSession session = new LlamaEngine(new KernelProfile.Timed(cpu)).open(spec)) {
      SamplingModel writer = (SamplingModel) session.model();
      writer.sample(prompts, how);
      writer.sample(prompts, how);
      KernelProfile.NANOS.clear();
      long start = KernelProfile.THREADS.getThreadCpuTime(lane());
      writer.sample(prompts, how);
      long all = KernelProfile.THREADS.getThreadCpuTime(lane()) - start;
      long kernels = KernelProfile.NANOS.values().stream().mapToLong(Long::longValue).sum();
      KernelProfile.NANOS.put("choice and the rest", all - kernels);
      KernelProfile.NANOS.put("all", all);
      double tokens = (double) n[6] * n[8];
      KernelProfile.NANOS.forEach(
          (name, nanos) ->
              System.out.printf(Locale.ROOT, "%-20s %8.2f us%n", name, nanos / 1e3 / tokens));
    }
  }

  private static long lane() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(t -> t.getName().startsWith("mixlaw-native"))
        .mapToLong(Thread::getId)
        .findFirst()
        .orElseThrow();
  }
}
