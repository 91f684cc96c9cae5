package dev.mixlaw.train.engine.dl4j;

import dev.mixlaw.train.engine.weights.AttentionHeads;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.nd4j.linalg.factory.Nd4j;
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
 * Measures the kernels of the engine dl4j on one thread, with the shapes of a step of 8 sequences
 * of 256 tokens.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class KernelsBenchmark {
  private static final int SEQUENCES = 8;
  private static final int LENGTH = 256;
  private static final int ROWS = SEQUENCES * LENGTH;

  @Param({"64", "256"})
  int width;

  private Kernels kernels;
  private AttentionHeads heads;
  private int inner;
  private Tensor x;
  private Tensor y;
  private Tensor weights;
  private Tensor gains;
  private Tensor scales;
  private Tensor qkv;
  private Tensor softmax;
  private Tensor gateUp;
  private Tensor wide;

  @Setup
  public void open() {
    kernels = Backend.get().kernels();
    heads = new AttentionHeads(width / 32, width / 32, 32, 10_000, 0);
    inner = width * 8 / 3;
    Random random = new Random(1);
    x = filled((long) ROWS * width, random);
    y = filled((long) ROWS * width, random);
    weights = filled((long) width * width, random);
    gains = filled(width, random);
    scales = filled(ROWS, random);
    qkv = filled(3L * ROWS * width, random);
    softmax = filled((long) ROWS * heads.query() * LENGTH, random);
    gateUp = filled(2L * ROWS * inner, random);
    wide = filled((long) ROWS * inner, random);
  }

  private static Tensor filled(long length, Random random) {
    float[] values = new float[(int) length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return new Tensor(Nd4j.createFromArray(values).reshape(1, length));
  }

  @Benchmark
  public void linear() {
    kernels.linear(x, weights, y, ROWS, width, width, false);
  }

  @Benchmark
  public void rmsNorm() {
    kernels.rmsNorm(x, gains, y, scales, ROWS, width, 1e-5);
  }

  @Benchmark
  public void attention() {
    kernels.attention(qkv, softmax, y, heads, SEQUENCES, LENGTH);
  }

  @Benchmark
  public void swiglu() {
    kernels.swiglu(gateUp, wide, ROWS, inner);
  }

  @TearDown
  public void close() {
    kernels.close();
  }
}
