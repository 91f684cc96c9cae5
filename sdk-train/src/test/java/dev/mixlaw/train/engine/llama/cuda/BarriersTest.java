package dev.mixlaw.train.engine.llama.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.train.engine.llama.AttentionShape;
import dev.mixlaw.train.engine.llama.Device;
import dev.mixlaw.train.engine.llama.DeviceKernels;
import dev.mixlaw.train.engine.llama.Floats;
import dev.mixlaw.train.engine.llama.Ints;
import dev.mixlaw.train.engine.vector.AdamWStep;
import dev.mixlaw.train.engine.weights.AttentionHeads;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests that kernels have no data races. Every kernel runs on the simulated GPU, which watches all
 * memory accesses. If any barrier, fence or wait is removed from the source, a race must be
 * detected.
 */
class BarriersTest {
  private static final Pattern BARRIER =
      Pattern.compile(
          "__syncthreads\\(\\);|__syncwarp\\(\\);|__threadfence\\(\\);|waitForCopies<.*?>\\(\\);");

  /** Number of embedded tokens. A block of threads processes them in several parts. */
  private static final int EMBEDDED = 6000;

  private final Random random = new Random(3);

  /** The position in a source file of a barrier that the test removes. */
  private record Broken(KernelProgram.Family family, String file, int line, String barrier) {
    @Override
    public String toString() {
      return file + ":" + line + " " + barrier;
    }
  }

  static Stream<Broken> barriers() {
    List<Broken> all = new ArrayList<>();
    for (KernelProgram.Family family : KernelProgram.Family.values()) {
      String file = "";
      int line = 0;
      for (String text : KernelProgram.of(family, true).source().split("\n", -1)) {
        line++;
        if (text.startsWith("#line 1 ")) {
          file = text.substring(9, text.length() - 1);
          line = 0;
        }
        boolean first = file.equals("common.cuh") && family != KernelProgram.Family.ROWS;
        for (MatchResult m : BARRIER.matcher(text).results().toList()) {
          if (!first) {
            all.add(new Broken(family, file, line, m.group()));
          }
        }
      }
    }
    return all.stream();
  }

  @Test
  void kernelsAreFreeOfRaces() {
    assumeTrue(FakeCudaPlatform.canCompile(), "no g++");
    assertThat(failure(UnaryOperator.identity(), List.of(KernelProgram.Family.values()))).isNull();
  }

  @Test
  void aMissingBarrierIsFound() {
    withoutABarrier(
        barriers().filter(b -> b.file().equals("weights.cu")).findFirst().orElseThrow());
  }

  @Test
  void anAccessOutsideAnAllocationIsFound() {
    assumeTrue(FakeCudaPlatform.canCompile(), "no g++");
    assertThat(
            failure(
                source -> source.replace("i < width; i +=", "i <= width; i +="),
                List.of(KernelProgram.Family.ROWS)))
        .hasMessageContaining("an access beside a value (");
  }

  /**
   * A GPU that hangs frees no memory. The addresses that were watched on it must not be watched any
   * more on the next GPU, whose memory may have the same addresses.
   */
  @Test
  void memoryOfAHungGpuIsNotWatchedAnyMore() {
    assumeTrue(FakeCudaPlatform.canCompile(), "no g++");
    SessionSpec spec =
        new SessionSpec(ModelSpec.of("kernels", 8, 1, 1, 8), 10, 1, Recipe.standard(), 1, 1);
    try (Device hung = new FakeCudaPlatform(false, FakeCudaPlatform.LARGE).open(spec)) {
      Floats value = hung.allocate(1);
      FakeCudaPlatform.hang();
      assertThat(catchThrowable(() -> hung.read(value, new float[1], 1)))
          .hasMessageContaining("not finished");
    } finally {
      FakeCudaPlatform.mend();
    }
    assertThat(FakeCudaPlatform.watched()).isZero();
  }

  @Tag("long")
  @ParameterizedTest
  @MethodSource("barriers")
  void withoutABarrier(Broken broken) {
    assumeTrue(FakeCudaPlatform.canCompile(), "no g++");
    assertThat(failure(source -> without(source, broken), List.of(broken.family())))
        .as(broken.toString())
        .isInstanceOf(MixlawException.class)
        .hasMessageContaining("memory")
        .hasMessageContaining(".cu");
  }

  private static String without(String source, Broken broken) {
    int begin = source.indexOf("#line 1 \"" + broken.file() + "\"");
    if (begin < 0) {
      return source;
    }
    String[] lines = source.substring(begin).split("\n", -1);
    lines[broken.line()] = lines[broken.line()].replace(broken.barrier(), ";");
    return source.substring(0, begin) + String.join("\n", lines);
  }

  private Throwable failure(UnaryOperator<String> change, List<KernelProgram.Family> families) {
    return catchThrowable(
        () -> {
          for (KernelProgram.Family family : families) {
            for (boolean bf16 : new boolean[] {true, false}) {
              SessionSpec spec =
                  new SessionSpec(
                      ModelSpec.of("kernels", 8, 1, 1, 8), 10, 1, Recipe.standard(), 1, 1);
              try (Device device =
                  new FakeCudaPlatform(bf16, FakeCudaPlatform.LARGE, change).open(spec)) {
                run(family, device, true);
              }
            }
            if (family == KernelProgram.Family.FLASH) {
              SessionSpec spec =
                  new SessionSpec(
                      ModelSpec.of("kernels", 8, 1, 1, 8), 10, 1, Recipe.standard(), 1, 1);
              try (Device device =
                  new FakeCudaPlatform(true, FakeCudaPlatform.SMALL, change).open(spec)) {
                run(family, device, false);
              }
            }
          }
        });
  }

  private Floats values(Device device, int n, boolean exact) {
    float[] values = new float[n];
    for (int i = 0; i < n; i++) {
      values[i] = (float) random.nextGaussian();
    }
    Floats there = exact ? device.allocate(n) : device.allocateActivations(n);
    device.write(values, there, n);
    return there;
  }

  private Ints ids(Device device, int n, int limit) {
    Ints ids = device.allocateIds(n);
    ids.put(random.ints(n, 0, limit).toArray(), n);
    return ids;
  }

  private void run(KernelProgram.Family family, Device device, boolean largeMemory) {
    device.onEach(
        lane -> {
          DeviceKernels k = device.kernels(lane);
          switch (family) {
            case ROWS -> rows(device, k);
            case EMBEDDING ->
                k.embedBackward(
                    ids(device, EMBEDDED, 1),
                    ids(device, EMBEDDED, EMBEDDED),
                    EMBEDDED,
                    values(device, EMBEDDED, false),
                    values(device, 5, true),
                    1);
            case WEIGHTS -> weights(device, k);
            case ATTENTION -> {
              attention(device, k, new AttentionHeads(2, 1, 20, 100, 0), 70);
              AttentionHeads heads = new AttentionHeads(4, 2, 6, 100, 0);
              int capacity = 300;
              Floats store = values(device, 2 * capacity * 6, false);
              Ints places = device.allocateIds(2);
              places.put(new int[] {3, 280}, 2);
              k.cachedAttention(
                  values(device, 2 * heads.rowWidth(), false),
                  store,
                  values(device, 2 * capacity * 6, false),
                  places,
                  values(device, 2 * 4 * 6, false),
                  heads,
                  2,
                  capacity);
            }
            case FLASH -> {
              if (largeMemory) {
                attention(device, k, new AttentionHeads(2, 1, 32, 100, 0), 260);
              } else {
                attention(device, k, new AttentionHeads(1, 1, 128, 100, 0), 260);
              }
            }
          }
        });
    // The simulated GPU reports races when the caller waits for a result.
    Floats one = device.allocate(1);
    device.read(one, new float[1], 1);
  }

  private void attention(Device device, DeviceKernels k, AttentionHeads heads, int length) {
    int width = heads.query() * heads.size();
    Floats qkv = values(device, length * heads.rowWidth(), false);
    Floats sums = values(device, length * heads.query(), true);
    Floats out = values(device, length * width, false);
    k.attention(qkv, sums, out, new AttentionShape(heads, 1, length));
    k.attentionBackward(
        values(device, length * width, false),
        out,
        qkv,
        sums,
        values(device, length * heads.rowWidth(), false),
        new AttentionShape(heads, 1, length));
  }

  private void rows(Device device, DeviceKernels k) {
    int width = 1000;
    Floats x = values(device, 3 * width, false);
    Floats r = values(device, 3, true);
    Floats w = values(device, width, true);
    k.rmsNorm(x, w, values(device, 3 * width, false), r, 3, width, 1e-5);
    k.rmsNormBackward(
        values(device, 3 * width, false),
        x,
        w,
        r,
        values(device, 3 * width, false),
        values(device, width, true),
        3,
        width,
        true);
    AttentionHeads heads = new AttentionHeads(3, 1, 64, 100, 0);
    k.rope(values(device, 5 * heads.rowWidth(), false), new AttentionShape(heads, 1, 5), false);
    k.swiglu(values(device, 6 * width, false), values(device, 3 * width, false), 3, width);
    k.crossEntropy(
        values(device, 3 * width, false),
        ids(device, 3, width),
        0,
        3,
        width,
        0.5,
        values(device, 3, true),
        0);
  }

  private void weights(Device device, DeviceKernels k) {
    int n = 10_000;
    Floats sum = values(device, n, true);
    Floats squares = values(device, 1, true);
    k.reduce(List.of(sum, values(device, n, true)), n, squares, 0);
    k.adamW(
        new DeviceKernels.Piece(
            true,
            values(device, n, true),
            List.of(sum),
            values(device, n, true),
            device.allocate(n)),
        squares,
        1,
        new AdamWStep(0.1, 0.9, 0.99, 1e-8, 0.1, 1, 0.1, 0.1));
  }
}
