package dev.mixlaw.train.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.spi.Precision;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.api.spi.TrainingSession;
import dev.mixlaw.train.engine.llama.LlamaEngine;
import dev.mixlaw.train.engine.llama.cpu.CpuPlatform;
import dev.mixlaw.train.engine.llama.cpu.NativeEngine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NativeEngineTest extends OwnEngineContract {
  static final ModelSpec MODEL =
      ModelSpec.of("large enough for several tiles and chunks", 128, 2, 4, 172)
          .withContext(150)
          .withKeyValueHeads(2);

  static final ModelSpec SMALL = ModelSpec.of("small", 24, 2, 4, 20).withContext(9);

  @Override
  protected TrainingEngine engine() {
    return new LlamaEngine(new CpuPlatform(Precision.FP32));
  }

  static int[] random(SessionSpec spec, long seed) {
    long ids = (long) spec.batchSequences() * (spec.model().context() + 1);
    return new Random(seed).ints(ids, 0, spec.vocabulary()).toArray();
  }

  @ParameterizedTest
  @CsvSource({"FP32", "BF16"})
  void aStepAllocatesLessThanAKilobyteOnTheHeap(Precision precision) {
    SessionSpec spec = new SessionSpec(MODEL, 500, 4, Recipe.standard(), 1, 2);
    int[] batch = random(spec, 1);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (TrainingSession session = new LlamaEngine(new CpuPlatform(precision)).open(spec)) {
      for (int i = 0; i < 20; i++) {
        session.step(batch, 1e-3);
      }
      long[] mine = threads();
      long before = allocated(threads, mine);
      for (int i = 0; i < 20; i++) {
        session.step(batch, 1e-3);
      }

      assertThat((allocated(threads, mine) - before) / 20).isLessThan(1024);
    }
  }

  /** Uses the model whose memory is mostly activations (index 1). */
  @ParameterizedTest
  @ValueSource(strings = {"products", "inputs"})
  void theStatedMemoryDependsOnTheStoredActivations(String keep) throws Exception {
    compareMemory("cost", 1, "-D" + LlamaEngine.KEEP + "=" + keep);
  }

  /** Returns the ids of the current thread and the session's threads. */
  private static long[] threads() {
    long[] ids =
        Thread.getAllStackTraces().keySet().stream()
            .filter(t -> t == Thread.currentThread() || t.getName().startsWith("mixlaw-native"))
            .mapToLong(Thread::getId)
            .toArray();
    assertThat(ids).hasSizeGreaterThan(2);
    return ids;
  }

  private static long allocated(ThreadMXBean threads, long[] ids) {
    return Arrays.stream(threads.getThreadAllocatedBytes(ids)).sum();
  }

  @Test
  void noThreadIsLeftAfterClose() {
    TrainingSession session = engine().open(spec(SMALL, 3, 3));
    session.close();
    session.close();

    assertThat(Thread.getAllStackTraces().keySet())
        .noneMatch(t -> t.getName().startsWith("mixlaw-native"));
    assertThatThrownBy(() -> session.step(new int[30], 1e-3))
        .isInstanceOf(IllegalStateException.class);
  }

  /**
   * Counts threads in the operating system's list of tasks, which also contains OpenMP's threads.
   */
  @Test
  void oneDnnStartsNoThreadsOfItsOwn() throws IOException {
    Path tasks = Path.of("/proc/self/task");
    assumeTrue(Files.exists(tasks), "threads are counted in /proc");
    SessionSpec spec = new SessionSpec(MODEL, 500, 4, Recipe.standard(), 1, 2);
    int[] batch = random(spec, 1);
    long before = named(tasks);
    try (TrainingSession session = engine().open(spec)) {
      session.step(batch, 1e-3);

      assertThat(named(tasks) - before).isEqualTo(2);
    }
  }

  /**
   * Counts the tasks with the name of a session's thread. An OpenMP thread inherits the name of the
   * thread that started it.
   */
  private static long named(Path tasks) throws IOException {
    try (var each = Files.list(tasks)) {
      return each.filter(NativeEngineTest::isLane).count();
    }
  }

  private static boolean isLane(Path task) {
    try {
      return Files.readString(task.resolve("comm")).startsWith("mixlaw-native");
    } catch (IOException e) {
      return false; // The thread has ended.
    }
  }

  @Test
  void aPrecisionThatDoesNotExistIsRefused() {
    System.setProperty(CpuPlatform.PRECISION, "fp8");
    try {
      assertThatThrownBy(() -> new NativeEngine().open(spec(SMALL, 2, 1)))
          .isInstanceOf(MixlawException.class)
          .hasMessageContaining("fp8")
          .hasMessageContaining("auto, fp32 or bf16")
          .hasMessageContaining(CpuPlatform.PRECISION);
    } finally {
      System.clearProperty(CpuPlatform.PRECISION);
    }
  }

  @Test
  void whatOneBufferCannotHoldIsRefusedBeforeAnythingIsAllocated() {
    SessionSpec spec = spec(ModelSpec.of("huge", 32768, 64, 64, 88064), 1, 1);

    assertThatThrownBy(() -> engine().open(spec))
        .isInstanceOfSatisfying(
            MixlawException.class, e -> assertThat(e.kind()).isEqualTo(MixlawException.Kind.ENGINE))
        .hasMessageContaining("too large");
  }
}
