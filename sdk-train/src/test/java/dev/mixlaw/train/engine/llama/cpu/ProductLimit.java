package dev.mixlaw.train.engine.llama.cpu;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.spi.Precision;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.train.engine.llama.ProductShape;
import dev.mixlaw.train.engine.llama.TileSizes;
import dev.mixlaw.train.engine.vector.LaneThreads;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import org.bytedeco.dnnl.engine;
import org.bytedeco.dnnl.matmul;
import org.bytedeco.dnnl.memory;
import org.bytedeco.javacpp.Pointer;

/**
 * A program that measures how long the matrix products of a training step take without the other
 * operations, in oneDNN's fastest layout. This time is a lower bound for a step (see
 * BENCHMARKS.md).
 *
 * <p>Its arguments are fp32 or bf16, width, layers, heads, feed-forward width, context, sequences,
 * vocabulary, and threads.
 */
final class ProductLimit {
  private static final int WARM_UP = 2;
  private static final int ROUNDS = 5;

  private ProductLimit() {}

  public static void main(String[] args) {
    int[] n = new int[args.length];
    for (int i = 1; i < n.length; i++) {
      n[i] = Integer.parseInt(args[i]);
    }
    ModelSpec model =
        ModelSpec.of("limit", n[1], n[2], n[3], n[4]).withContext(n[5]).withTiedHead(false);
    SessionSpec spec = new SessionSpec(model, n[7], n[6], Recipe.standard(), 1, n[8]);
    Precision precision = Precision.valueOf(args[0].toUpperCase(Locale.ROOT));
    int lanes = new CpuPlatform(precision).lanes(spec);
    TileSizes tiles = new CpuPlatform(precision).tileSizes(spec);
    try (LaneThreads threads = new LaneThreads(lanes, "test", OneDnn::useThisThreadOnly)) {
      double seconds =
          seconds(threads, lane -> ProductShape.ofStep(spec, lane, lanes, tiles), precision);
      System.out.printf(Locale.ROOT, "products alone %.1f ms%n", seconds * 1e3);
    }
  }

  /**
   * Returns the median time of all products in seconds. The lanes compute their products in
   * parallel. The time is the CPU time of the slowest lane, which is valid on a busy machine.
   */
  static double seconds(
      LaneThreads lanes, IntFunction<List<ProductShape>> ofLane, Precision precision) {
    Alone[] prepared = new Alone[lanes.count()];
    try {
      lanes.onEach(lane -> prepared[lane] = new Alone(ofLane.apply(lane), precision));
      ThreadMXBean threads = ManagementFactory.getThreadMXBean();
      double[] seconds = new double[ROUNDS];
      long[] nanos = new long[lanes.count()];
      for (int round = -WARM_UP; round < ROUNDS; round++) {
        lanes.onEach(
            lane -> {
              long start = threads.getCurrentThreadCpuTime();
              prepared[lane].run();
              nanos[lane] = threads.getCurrentThreadCpuTime() - start;
            });
        if (round >= 0) {
          seconds[round] = Arrays.stream(nanos).max().orElseThrow() / 1e9;
        }
      }
      Arrays.sort(seconds);
      return seconds[ROUNDS / 2];
    } finally {
      lanes.onEach(
          lane -> {
            if (prepared[lane] != null) {
              prepared[lane].close();
            }
          });
    }
  }

  /** The products of one lane. Each product has its own memory. */
  private static final class Alone implements AutoCloseable {
    /**
     * A byte that yields a small number in both formats. Zeros are not used, because the operating
     * system may map all zero pages to one physical page.
     */
    private static final int FILL = 0x3c;

    private final OneDnnStream oneDnn = new OneDnnStream();
    private final List<OneDnnPrimitive> calls = new ArrayList<>();
    private final List<Integer> times = new ArrayList<>();

    Alone(List<ProductShape> shapes, Precision precision) {
      memory.data_type type =
          precision == Precision.BF16 ? memory.data_type.bf16 : memory.data_type.f32;
      for (ProductShape s : shapes) {
        calls.add(oneDnn.keep(() -> best(s, type)));
        times.add(s.times());
      }
    }

    private OneDnnPrimitive best(ProductShape s, memory.data_type type) {
      matmul.primitive_desc best =
          new matmul.primitive_desc(
              oneDnn.processor,
              any(s.rows(), s.inner(), type),
              any(s.inner(), s.columns(), type),
              any(s.rows(), s.columns(), memory.data_type.f32));
      return oneDnn.product(
          best,
          filled(best.src_desc(), oneDnn.processor),
          filled(best.weights_desc(), oneDnn.processor),
          filled(best.dst_desc(), oneDnn.processor));
    }

    private static memory.desc any(int rows, int columns, memory.data_type type) {
      return new memory.desc(new long[] {rows, columns}, type, memory.format_tag.any);
    }

    private static memory filled(memory.desc layout, engine processor) {
      memory values = new memory(layout, processor);
      Pointer.memset(values.get_data_handle(), FILL, layout.get_size());
      return values;
    }

    void run() {
      for (int i = 0; i < calls.size(); i++) {
        for (int t = times.get(i); t > 0; t--) {
          calls.get(i).run();
        }
      }
    }

    @Override
    public void close() {
      oneDnn.close();
    }
  }
}
