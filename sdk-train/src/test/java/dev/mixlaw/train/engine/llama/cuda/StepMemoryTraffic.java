package dev.mixlaw.train.engine.llama.cuda;

import dev.mixlaw.train.engine.llama.AttentionShape;
import dev.mixlaw.train.engine.llama.DeviceKernels;
import dev.mixlaw.train.engine.llama.Floats;
import dev.mixlaw.train.engine.vector.AdamWStep;
import dev.mixlaw.train.engine.weights.AttentionHeads;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * A program that estimates the time of a training step on a GPU from its memory bandwidth and its
 * operations per second. It counts the memory traffic of kernels on a simulated GPU with few rows
 * and scales it up. It measures no time.
 */
final class StepMemoryTraffic {
  private static final int WIDTH = 768;
  private static final int LAYERS = 12;
  private static final int HEADS = 12;
  private static final int INNER = 2048;
  private static final int CONTEXT = 1024;
  private static final int VOCABULARY = 50_304;
  private static final int SEQUENCES = 16;
  private static final int TOKENS = SEQUENCES * CONTEXT;
  private static final int CHUNK = (1 << 28) / VOCABULARY;

  /** Memory bandwidth of an H100, in bytes per second. */
  private static final double BYTES = 3.35e12;

  /**
   * Dense bf16 operations per second of an H100's tensor cores. The following constants are the
   * fractions that products and attention are assumed to reach.
   */
  private static final double DENSE = 989e12;

  private static final double OF_PRODUCTS = 0.65;
  private static final double OF_ATTENTION = 0.3;

  private static final Map<String, double[]> items = new TreeMap<>();

  private StepMemoryTraffic() {}

  /** Adds the bytes and operations of an item, which occurs {@code times} times, to its totals. */
  private static void add(String item, double times, double bytes, double flops) {
    double[] sum = items.computeIfAbsent(item, i -> new double[2]);
    sum[0] += times * bytes;
    sum[1] += times * flops;
  }

  private static void product(
      String item, double times, double rows, double columns, double inner, double ofResult) {
    double bytes = 2 * (rows * inner + inner * columns) + ofResult * rows * columns;
    add("product: " + item, times, bytes, 2 * rows * columns * inner);
  }

  public static void main(String[] args) {
    int rows = 512;
    AttentionHeads heads = new AttentionHeads(HEADS, HEADS, WIDTH / HEADS, 10_000, 0);
    MemoryTraffic few =
        MemoryTraffic.of(
            lab -> {
              Floats x = lab.bf16(rows * WIDTH);
              Floats y = lab.bf16(rows * WIDTH);
              Floats r = lab.exact(rows);
              Floats w = lab.exact(WIDTH);
              Floats dw = lab.exact(WIDTH);
              Floats wide = lab.bf16(rows * 2 * INNER);
              Floats inner = lab.bf16(rows * INNER);
              Floats dWide = lab.bf16(rows * 2 * INNER);
              Floats table = lab.bf16(1000 * WIDTH);
              Floats dTable = lab.exact(1000 * WIDTH);
              lab.run(
                  k -> {
                    k.embed(lab.ids(rows, 1000), rows, table, x, WIDTH);
                    k.rmsNorm(x, w, y, r, rows, WIDTH, 1e-5);
                    k.rmsNormBackward(lab.bf16(rows * WIDTH), x, w, r, y, dw, rows, WIDTH, false);
                    k.rope(
                        lab.bf16(rows * heads.rowWidth()),
                        new AttentionShape(heads, 1, rows),
                        false);
                    k.swiglu(wide, inner, rows, INNER);
                    k.swigluBackward(wide, inner, dWide, rows, INNER, false);
                    k.embedBackward(lab.inOrder(rows), lab.inOrder(rows), rows, y, dTable, WIDTH);
                  });
            });
    double scale = (double) TOKENS / rows;
    few.kernels()
        .forEach(
            (name, k) -> {
              if (!name.equals("rope_angles") && !name.equals("add_rows")) {
                add(name, scale * timesOf(name), k.read() + k.written(), 0);
              }
            });
    int some = 16;
    MemoryTraffic loss =
        MemoryTraffic.of(
            lab -> {
              Floats logits = lab.bf16(some * VOCABULARY);
              lab.run(
                  k ->
                      k.crossEntropy(
                          logits,
                          lab.ids(some, VOCABULARY),
                          0,
                          some,
                          VOCABULARY,
                          1,
                          lab.exact(some),
                          0));
            });
    MemoryTraffic.Kernel entropy = loss.kernels().get("cross_entropy");
    add("cross_entropy", (double) TOKENS / some, entropy.read() + entropy.written(), 0);
    attention(heads.size());
    weights();
    products();
    print();
  }

  private static int timesOf(String kernel) {
    return switch (kernel) {
      case "rms_norm", "rms_norm_backward" -> 2 * LAYERS + 1;
      case "rope" -> 2 * LAYERS;
      case "swiglu", "swiglu_backward" -> LAYERS;
      default -> 1;
    };
  }

  private static void attention(int size) {
    AttentionHeads one = new AttentionHeads(1, 1, size, 10_000, 0);
    MemoryTraffic traffic =
        MemoryTraffic.of(
            lab -> {
              Floats qkv = lab.bf16(CONTEXT * one.rowWidth());
              Floats out = lab.bf16(CONTEXT * size);
              Floats sums = lab.exact(CONTEXT);
              Floats d = lab.bf16(CONTEXT * one.rowWidth());
              lab.run(
                  k -> {
                    k.attention(qkv, sums, out, new AttentionShape(one, 1, CONTEXT));
                    k.attentionBackward(
                        lab.bf16(CONTEXT * size),
                        out,
                        qkv,
                        sums,
                        d,
                        new AttentionShape(one, 1, CONTEXT));
                  });
            });
    traffic
        .kernels()
        .forEach(
            (name, k) ->
                add(
                    name,
                    (double) SEQUENCES * HEADS * LAYERS,
                    k.read() + k.written(),
                    2.0 * 16 * 16 * 8 * k.products()));
  }

  private static void weights() {
    int n = 1 << 17;
    MemoryTraffic traffic =
        MemoryTraffic.of(
            lab ->
                lab.run(
                    k -> {
                      Floats g = lab.exact(n);
                      Floats squares = lab.exact(1);
                      k.reduce(List.of(g), n, squares, 0);
                      k.adamW(
                          new DeviceKernels.Piece(
                              true,
                              lab.device().allocateWeights(n),
                              List.of(g),
                              lab.exact(n),
                              lab.device().allocate(n)),
                          squares,
                          1,
                          new AdamWStep(.1, .9, .99, 1e-8, .1, 1, .1, .1));
                    }));
    double parameters =
        (double) LAYERS * WIDTH * (4 * WIDTH + 3 * INNER) + (double) VOCABULARY * WIDTH;
    traffic.kernels().forEach((name, k) -> add(name, parameters / n, k.read() + k.written(), 0));
  }

  private static void products() {
    double[][] shapes = {{3 * WIDTH, WIDTH}, {WIDTH, WIDTH}, {2 * INNER, WIDTH}, {WIDTH, INNER}};
    for (double[] s : shapes) {
      boolean residual = s[0] == WIDTH;
      product("forward", LAYERS, TOKENS, s[0], s[1], residual ? 4 : 2);
      product("input gradients", LAYERS, TOKENS, s[1], s[0], 2);
      product("weight gradients", LAYERS, s[0], s[1], TOKENS, 4);
    }
    double chunks = Math.ceil((double) TOKENS / CHUNK);
    double each = TOKENS / chunks;
    product("head", chunks, each, VOCABULARY, WIDTH, 2);
    product("head's input gradient", chunks, each, WIDTH, VOCABULARY, 2);
    product("head's weight gradient", chunks, VOCABULARY, WIDTH, each, 8);
  }

  private static void print() {
    double total = 0;
    double useful =
        6.0 * TOKENS * (LAYERS * WIDTH * (4.0 * WIDTH + 3 * INNER))
            + 6.0 * TOKENS * VOCABULARY * WIDTH
            + 6.0 * TOKENS * LAYERS * CONTEXT * WIDTH;
    System.out.println("| | GB | TFLOP | ms |\n|---|---|---|---|");
    for (Map.Entry<String, double[]> e : items.entrySet()) {
      double bytes = e.getValue()[0];
      double flops = e.getValue()[1];
      double share = e.getKey().startsWith("flash") ? OF_ATTENTION : OF_PRODUCTS;
      double time = Math.max(bytes / BYTES, flops / (share * DENSE));
      total += time;
      System.out.printf(
          Locale.ROOT,
          "| %s | %.2f | %s | %.2f |%n",
          e.getKey(),
          bytes / 1e9,
          flops == 0 ? "" : String.format(Locale.ROOT, "%.2f", flops / 1e12),
          time * 1e3);
    }
    System.out.printf(
        Locale.ROOT,
        "| **step** | | %.2f of use | %.1f: %.0f tokens/s, %.0f %% of the product rate |%n",
        useful / 1e12,
        total * 1e3,
        TOKENS / total,
        100 * useful / total / (OF_PRODUCTS * DENSE));
  }
}
