package dev.mixlaw.train.engine.llama;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.spi.SamplingModel.Sampling;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.train.engine.llama.cpu.CpuPlatform;
import dev.mixlaw.train.engine.weights.AttentionHeads;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Measures the operations that generate one token per text, on one CPU thread and a model of width
 * 256.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class WritingBenchmark {
  private static final int WIDTH = 256;
  private static final int VOCABULARY = 8192;
  private static final int CONTEXT = 256;
  private static final int SEEN = 128;

  @Param({"16", "64"})
  int rows;

  private final AttentionHeads heads = new AttentionHeads(4, 4, 64, 10_000, 0);
  private final TokenSampler choice = new TokenSampler(VOCABULARY);
  private final float[] row = new float[VOCABULARY];
  private Device device;
  private Floats x;
  private Floats head;
  private Floats packed;
  private Floats logits;
  private Floats qkv;
  private Floats keys;
  private Floats values;
  private Floats out;
  private Ints places;
  private long draw;

  @Setup
  public void open() {
    ModelSpec model = ModelSpec.of("benchmark", WIDTH, 1, 4, 688).withContext(CONTEXT);
    device = new CpuPlatform().open(new SessionSpec(model, VOCABULARY, 1, Recipe.standard(), 1, 1));
    x = filled(rows * WIDTH);
    head = filled(VOCABULARY * WIDTH);
    packed = device.allocate(DeviceKernels.packedLength(WIDTH, VOCABULARY));
    logits = filled(rows * VOCABULARY);
    qkv = filled(rows * heads.rowWidth());
    keys = filled(rows * CONTEXT * WIDTH);
    values = filled(rows * CONTEXT * WIDTH);
    out = device.allocate((long) rows * WIDTH);
    places = device.allocateIds(rows);
    places.put(IntStream.range(0, rows).map(i -> i * CONTEXT + SEEN - 1).toArray(), rows);
    run(k -> k.pack(head, packed, WIDTH, VOCABULARY));
  }

  private Floats filled(int length) {
    Random random = new Random(1);
    float[] normal = new float[length];
    for (int i = 0; i < length; i++) {
      normal[i] = (float) random.nextGaussian();
    }
    Floats there = device.allocate(length);
    device.write(normal, there, length);
    return there;
  }

  private void run(Consumer<DeviceKernels> job) {
    device.onEach(lane -> job.accept(device.kernels(lane)));
  }

  @TearDown
  public void close() {
    device.close();
  }

  @Benchmark
  public void head() {
    run(k -> k.linearRows(x, head, packed, logits, rows, WIDTH, VOCABULARY, false));
  }

  @Benchmark
  public void attentionOver128() {
    run(k -> k.cachedAttention(qkv, keys, values, places, out, heads, rows, CONTEXT));
  }

  /** Samples one token. */
  @Benchmark
  public int choice() {
    device.read(logits, row, VOCABULARY);
    return choice.sample(row, 0, new Sampling(1, 1, 0.9, 1, -1), draw++);
  }
}
