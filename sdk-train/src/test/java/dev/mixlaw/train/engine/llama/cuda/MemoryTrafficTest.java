package dev.mixlaw.train.engine.llama.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mixlaw.train.engine.llama.AttentionShape;
import dev.mixlaw.train.engine.llama.DeviceKernels;
import dev.mixlaw.train.engine.llama.Floats;
import dev.mixlaw.train.engine.vector.AdamWStep;
import dev.mixlaw.train.engine.weights.AttentionHeads;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Tests that the kernels of a training step access memory efficiently. Neighbouring threads access
 * neighbouring bytes of global memory, each value is read once, and the threads of a warp have no
 * bank conflicts in shared memory.
 */
class MemoryTrafficTest {
  /**
   * Kernels that may read twice the minimum. A thread that reads eight bf16 values also reads eight
   * fp32 values, in two halves.
   */
  private static final Set<String> DOUBLE = Set.of("rms_norm", "rms_norm_backward", "rope");

  @Test
  void kernelsMoveNoMoreThanNeeded() {
    assumeTrue(FakeCudaPlatform.canCompile(), "no g++");
    int rows = 8;
    int width = 768;
    MemoryTraffic traffic =
        MemoryTraffic.of(
            lab -> {
              Floats x = lab.bf16(rows * width);
              Floats y = lab.bf16(rows * width);
              Floats r = lab.exact(rows);
              Floats w = lab.exact(width);
              Floats wide = lab.bf16(rows * 2 * width);
              Floats gradient = lab.exact(20 * width);
              lab.run(
                  k -> {
                    k.embed(lab.ids(rows, 20), rows, lab.bf16(20 * width), x, width);
                    k.rmsNorm(x, w, y, r, rows, width, 1e-5);
                    Floats dw = lab.exact(width);
                    k.rmsNormBackward(lab.bf16(rows * width), x, w, r, y, dw, rows, width, true);
                    k.rope(
                        wide,
                        new AttentionShape(new AttentionHeads(8, 8, 64, 10_000, 0), 1, rows),
                        false);
                    k.swiglu(wide, x, rows, width);
                    k.swigluBackward(wide, x, lab.bf16(rows * 2 * width), rows, width, false);
                    Floats nats = lab.exact(rows);
                    k.crossEntropy(y, lab.ids(rows, width), 0, rows, width, 1, nats, 0);
                    k.embedBackward(lab.inOrder(rows), lab.inOrder(rows), rows, y, gradient, width);
                    int n = 20 * width;
                    Floats squares = lab.exact(1);
                    k.reduce(List.of(gradient), n, squares, 0);
                    k.adamW(
                        new DeviceKernels.Piece(
                            true,
                            lab.device().allocateWeights(n),
                            List.of(gradient),
                            lab.exact(n),
                            lab.device().allocate(n)),
                        squares,
                        1,
                        new AdamWStep(.1, .9, .99, 1e-8, .1, 1, .1, .1));
                  });
              lab.run(
                  k -> {
                    AttentionHeads heads = new AttentionHeads(1, 1, 64, 10_000, 0);
                    int length = 192;
                    Floats qkv = lab.bf16(length * heads.rowWidth());
                    Floats out = lab.bf16(length * 64);
                    Floats sums = lab.exact(length);
                    k.attention(qkv, sums, out, new AttentionShape(heads, 1, length));
                    Floats d = lab.bf16(length * heads.rowWidth());
                    k.attentionBackward(
                        lab.bf16(length * 64),
                        out,
                        qkv,
                        sums,
                        d,
                        new AttentionShape(heads, 1, length));
                  });
            });
    assertThat(traffic.kernels()).hasSizeGreaterThan(14);
    assertThat(
            traffic.places().stream()
                .filter(
                    p ->
                        p.moved()
                            > p.least() * (DOUBLE.contains(p.kernel()) && !p.shared() ? 2 : 1)))
        .isEmpty();
    long row = width * 2L;
    MemoryTraffic.Kernel norm = traffic.kernels().get("rms_norm");
    assertThat(norm.read()).isBetween(rows * row, rows * row + 4L * width + 64);
    MemoryTraffic.Kernel loss = traffic.kernels().get("cross_entropy");
    assertThat(read(traffic, "cross_entropy"))
        .as("logits are read once")
        .isLessThan(3 * loss.read() / 2);
  }

  /** Returns the bytes of global memory that a kernel reads. Repeated reads count each time. */
  private static long read(MemoryTraffic traffic, String kernel) {
    return traffic.places().stream()
        .filter(p -> p.kernel().equals(kernel) && !p.shared() && !p.writes())
        .mapToLong(MemoryTraffic.Place::moved)
        .sum();
  }
}
