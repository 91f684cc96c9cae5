package dev.mixlaw.samples;

import com.sun.management.ThreadMXBean;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.api.spi.SamplingModel;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.api.spi.TrainingSession;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Measures the speed and memory of an engine on this machine. The measured memory is compared with
 * the memory in the plan.
 */
@Command(
    name = "EngineBenchmark",
    mixinStandardHelpOptions = true,
    description = "Measures an engine's training, evaluation, sampling and memory on one model.")
final class EngineBenchmark implements Callable<Integer> {
  private static final int SAMPLED_TEXTS = 64;

  @Mixin private final ModelOptions shape = new ModelOptions(256, 4, 4, 688, 256, 8);

  @Option(names = "--vocab", description = "vocabulary size (default: ${DEFAULT-VALUE})")
  private int vocabulary = 8192;

  @Option(names = "--steps", description = "measured steps (default: ${DEFAULT-VALUE})")
  private int steps = 20;

  @Option(
      names = "--warm-up",
      description = "steps before the measurement (default: ${DEFAULT-VALUE})")
  private int warmUp = 5;

  @Option(
      names = "--threads",
      description = "threads of all sessions together (default: all processors)")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--sessions",
      description = "concurrent sessions, which share the threads (default: ${DEFAULT-VALUE})")
  private int sessions = 1;

  @Option(
      names = "--training-only",
      description = "omits evaluation, sampling and the memory of the process")
  private boolean trainingOnly;

  @Option(names = "--json", description = "file for the figures as JSON")
  private @Nullable Path json;

  @Option(names = "--memory-only", hidden = true)
  private boolean memoryOnly;

  @Override
  public Integer call() throws Exception {
    TrainingEngine engine = shape.engine();
    // The output head is untied, as in the PyTorch model with which BENCHMARKS.md compares the
    // speed.
    ModelSpec model = shape.model("benchmark").withTiedHead(false);
    int share = Math.max(1, threads / sessions);
    SessionSpec spec = new SessionSpec(model, vocabulary, shape.batch, Recipe.standard(), 1, share);
    if (memoryOnly) {
      System.out.println(SessionMemory.measureHere(engine, spec));
      return 0;
    }
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("engine", engine.name());
    figures.put("device", engine.device());
    figures.put("params", model.parameters(vocabulary));
    figures.put("threads", share);
    figures.put("sessions", sessions);
    if (sessions > 1) {
      figures.put(
          "tokens_per_s_all_sessions", ConcurrentSessions.tokensPerSecond(engine, spec, sessions));
    }
    measure(engine, spec, figures);
    if (!trainingOnly) {
      memory(engine, spec, figures);
    }
    figures.forEach((name, value) -> System.out.printf("%-28s %s%n", name, text(value)));
    JsonFile.write(json, figures);
    return 0;
  }

  private void measure(TrainingEngine engine, SessionSpec spec, Map<String, Object> figures) {
    int[] ids = ConcurrentSessions.randomBatch(spec);
    try (TrainingSession session = engine.open(spec)) {
      for (int i = 0; i < warmUp; i++) {
        session.step(ids, 1e-3);
      }
      Spread step = overlapping(session, ids);
      double tokens = (double) shape.batch * shape.context;
      double flops = flopsPerToken(spec) * tokens;
      figures.put("step_ms", step.median() * 1e3);
      figures.put("step_ms_quartiles", List.of(step.low() * 1e3, step.high() * 1e3));
      figures.put("tokens_per_s", tokens / step.median());
      figures.put("gflop_per_s", flops / step.median() / 1e9);
      figures.put("heap_bytes_per_step", heapPerStep(session, ids));
      if (trainingOnly) {
        return;
      }
      float[] nats = new float[shape.batch * shape.context];
      session.model().losses(ids, shape.batch, shape.context, nats);
      Spread losses =
          Spread.of(steps, () -> session.model().losses(ids, shape.batch, shape.context, nats));
      figures.put("evaluation_tokens_per_s", tokens / losses.median());
      figures.put("evaluation_over_training", step.median() / losses.median());
      sampling(session).ifPresent(v -> figures.put("sampling_tokens_per_s", v));
    }
  }

  private Spread overlapping(TrainingSession session, int[] ids) {
    List<Supplier<TrainingSession.StepResult>> begun = new ArrayList<>();
    begun.add(session.begin(ids, 1e-3));
    Spread step =
        Spread.of(
            steps,
            () -> {
              begun.add(session.begin(ids, 1e-3));
              Objects.requireNonNull(begun.remove(0).get());
            });
    Objects.requireNonNull(begun.get(0).get());
    return step;
  }

  /**
   * Returns the number of floating-point operations per training token: 6 per weight outside the
   * embedding, plus causal attention.
   */
  private double flopsPerToken(SessionSpec spec) {
    long products = spec.model().parameters(vocabulary) - (long) vocabulary * shape.width;
    return 6.0 * products + 6.0 * shape.layers * shape.context * shape.width;
  }

  /** Returns the number of bytes that all Java threads together allocate per step. */
  private long heapPerStep(TrainingSession session, int[] ids) {
    var threadsNow = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long[] who = threadsNow.getAllThreadIds();
    allocated(threadsNow, who); // allocates memory in its first call
    long before = allocated(threadsNow, who);
    for (int i = 0; i < steps; i++) {
      session.step(ids, 1e-3);
    }
    return (allocated(threadsNow, who) - before) / steps;
  }

  private static long allocated(ThreadMXBean threads, long[] who) {
    return Arrays.stream(threads.getThreadAllocatedBytes(who)).filter(bytes -> bytes > 0).sum();
  }

  private OptionalDouble sampling(TrainingSession session) {
    if (!(session.model() instanceof SamplingModel model)) {
      return OptionalDouble.empty();
    }
    List<int[]> prompts =
        IntStream.range(0, SAMPLED_TEXTS).mapToObj(i -> new int[] {i % vocabulary}).toList();
    int each = shape.context; // the context of the last token is full
    var settings = new SamplingModel.Sampling(each, 1, 0.9, 1, -1);
    model.sample(prompts, settings);
    Spread time = Spread.of(3, () -> model.sample(prompts, settings));
    return OptionalDouble.of((double) SAMPLED_TEXTS * each / time.median());
  }

  private void memory(TrainingEngine engine, SessionSpec spec, Map<String, Object> figures)
      throws Exception {
    long planned = engine.cost(spec).memoryBytes();
    figures.put("planned_memory_mb", planned / 1e6);
    List<String> arguments = new ArrayList<>(List.of("--memory-only", "--engine", engine.name()));
    arguments.addAll(List.of("--d-model", "" + shape.width, "--layers", "" + shape.layers));
    arguments.addAll(List.of("--heads", "" + shape.heads, "--ffn", "" + shape.feedForward));
    arguments.addAll(List.of("--context", "" + shape.context, "--batch", "" + shape.batch));
    arguments.addAll(List.of("--vocab", "" + vocabulary, "--threads", "" + spec.threads()));
    SessionMemory.measureInChild(EngineBenchmark.class, arguments)
        .ifPresent(
            bytes -> {
              figures.put("peak_memory_mb", bytes / 1e6);
              figures.put("peak_over_planned", (double) bytes / planned);
            });
  }

  private static String text(Object value) {
    if (value instanceof Double number) {
      return number >= 100 ? Texts.format("%.0f", number) : Texts.format("%.3f", number);
    }
    if (value instanceof List<?> list) {
      return String.join(" .. ", list.stream().map(EngineBenchmark::text).toList());
    }
    return String.valueOf(value);
  }

  /** The median and the quartiles of durations, in seconds. */
  private record Spread(double low, double median, double high) {
    static Spread of(int times, Runnable work) {
      double[] seconds = new double[times];
      for (int i = 0; i < times; i++) {
        long start = System.nanoTime();
        work.run();
        seconds[i] = (System.nanoTime() - start) / 1e9;
      }
      Arrays.sort(seconds);
      return new Spread(seconds[times / 4], seconds[times / 2], seconds[times * 3 / 4]);
    }
  }

  public static void main(String[] args) {
    System.exit(Samples.run(new EngineBenchmark(), args));
  }
}
