package dev.mixlaw.train.engine.llama;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.spi.Precision;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.train.engine.llama.cpu.CpuPlatform;
import dev.mixlaw.train.engine.weights.AttentionHeads;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
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
 * Measures the kernels of a training step of the engine native on one thread, on two sequences of
 * 256 tokens.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class TrainingBenchmark {
  private static final int SEQUENCES = 2;
  private static final int LENGTH = 256;
  private static final int ROWS = SEQUENCES * LENGTH;
  private static final int VOCABULARY = 8192;
  private static final int CHUNK = 256;

  @Param({"256"})
  int width;

  @Param({"FP32"})
  Precision precision;

  private final Random random = new Random(1);
  private Device device;
  private AttentionHeads heads;
  private int inner;
  private Floats weights;
  private Floats gains;
  private Floats x;
  private Floats y;
  private Floats perRow;
  private Floats qkv;
  private Floats logSums;
  private Floats gateUp;
  private Floats activated;
  private Floats logits;
  private Ints labels;

  @Setup
  public void open() {
    ModelSpec model =
        ModelSpec.of("kernels", width, 1, width / 64, width * 8 / 3).withContext(LENGTH);
    heads = AttentionHeads.of(model);
    inner = model.feedForward();
    device =
        new CpuPlatform(precision)
            .open(new SessionSpec(model, VOCABULARY, SEQUENCES, Recipe.standard(), 1, 1));
    weights = device.allocateWeights((long) heads.rowWidth() * width);
    fill(weights);
    gains = filled(width);
    x = filled((long) ROWS * width);
    y = filled((long) ROWS * width);
    perRow = filled(ROWS);
    qkv = filled((long) ROWS * heads.rowWidth());
    logSums = filled((long) ROWS * heads.query());
    gateUp = filled(2L * ROWS * inner);
    activated = filled((long) ROWS * inner);
    logits = filled((long) CHUNK * VOCABULARY);
    labels = device.allocateIds(ROWS);
    labels.put(random.ints(ROWS, 0, VOCABULARY).toArray(), ROWS);
  }

  private Floats filled(long length) {
    Floats there = device.allocateActivations(length);
    fill(there);
    return there;
  }

  private void fill(Floats there) {
    float[] values = new float[(int) there.length()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    device.write(values, there, values.length);
  }

  private void run(Consumer<DeviceKernels> call) {
    device.onEach(lane -> call.accept(device.kernels(lane)));
  }

  @Benchmark
  public void linear() {
    run(k -> k.linear(x, weights, qkv, ROWS, width, heads.rowWidth()));
  }

  @Benchmark
  public void rmsNorm() {
    run(k -> k.rmsNorm(x, gains, y, perRow, ROWS, width, 1e-5));
  }

  @Benchmark
  public void attention() {
    run(k -> k.attention(qkv, logSums, y, new AttentionShape(heads, SEQUENCES, LENGTH)));
  }

  @Benchmark
  public void swiglu() {
    run(k -> k.swiglu(gateUp, activated, ROWS, inner));
  }

  @Benchmark
  public void crossEntropy() {
    run(k -> k.crossEntropy(logits, labels, 0, CHUNK, VOCABULARY, 0, perRow, 0));
  }

  @TearDown
  public void close() {
    device.close();
  }
}
