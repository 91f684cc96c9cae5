package dev.mixlaw.train.engine.llama.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingSession;
import dev.mixlaw.api.spi.TrainingSession.StepResult;
import dev.mixlaw.train.engine.llama.Device;
import dev.mixlaw.train.engine.llama.Floats;
import dev.mixlaw.train.engine.llama.Ints;
import dev.mixlaw.train.engine.llama.LlamaEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests that the host may submit work before the GPU has finished earlier work. The simulated GPU
 * executes the work as late as the rules of CUDA streams permit, or delays only one of its streams.
 */
class CardPipelineTest {
  private static final int VOCABULARY = 40;

  private static final SessionSpec SPEC =
      new SessionSpec(
          ModelSpec.of("in flight", 32, 1, 1, 32).withContext(16),
          VOCABULARY,
          3,
          Recipe.standard(),
          7,
          1);

  @BeforeEach
  void needsACompiler() {
    assumeTrue(FakeCudaPlatform.canCompile(), "no g++");
  }

  @AfterEach
  void asUsual() {
    FakeCudaPlatform.laziness("l");
  }

  private static TrainingSession open(String laziness) {
    FakeCudaPlatform.laziness(laziness);
    return new LlamaEngine(new FakeCudaPlatform(true, FakeCudaPlatform.LARGE)).open(SPEC);
  }

  private static int[] batch(int step) {
    return new Random(step).ints(3L * 17, 0, VOCABULARY).toArray();
  }

  private static double rate(int step) {
    return 1e-2 / (step + 1);
  }

  private static List<StepResult> oneByOne(TrainingSession session, int from, int to) {
    List<StepResult> results = new ArrayList<>();
    for (int i = from; i < to; i++) {
      results.add(session.step(batch(i), rate(i)));
    }
    return results;
  }

  /** Runs steps. Each step begins before the result of the previous step is read. */
  private static List<StepResult> overlapping(TrainingSession session, int from, int to) {
    List<Supplier<StepResult>> results = new ArrayList<>();
    int[] ids = new int[3 * 17];
    for (int i = from; i < to; i++) {
      System.arraycopy(batch(i), 0, ids, 0, ids.length);
      results.add(session.begin(ids, rate(i)));
      Arrays.fill(ids, VOCABULARY - 1);
      if (i > from) {
        assertThat(results.get(i - from - 1).get().loss()).isPositive();
      }
    }
    return results.stream().map(Supplier::get).toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"e", "l", "le", "el"})
  void stepsInFlightGiveTheSameBits(String laziness, @TempDir Path directory) throws IOException {
    Path one = Files.createDirectory(directory.resolve("one by one"));
    Path two = Files.createDirectory(directory.resolve("overlapping"));
    List<StepResult> expected;
    float[] nats = new float[16];
    float[] others = new float[16];
    try (TrainingSession session = open("e")) {
      expected = new ArrayList<>(oneByOne(session, 0, 5));
      session.model().losses(batch(1), 1, 16, nats);
      expected.addAll(oneByOne(session, 5, 8));
      session.save(one);
    }
    try (TrainingSession session = open(laziness)) {
      List<StepResult> actual = new ArrayList<>(overlapping(session, 0, 5));
      session.model().losses(batch(1), 1, 16, others);
      actual.addAll(overlapping(session, 5, 7));
      Supplier<StepResult> last = session.begin(batch(7), rate(7));
      session.save(two); // must contain the result of the last step
      actual.add(last.get());
      assertThat(actual).isEqualTo(expected);
    }
    assertThat(others).isEqualTo(nats);
    try (var files = Files.walk(one)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(two.resolve(one.relativize(file))).hasSameBinaryContentAs(file);
      }
    }
  }

  @Test
  void aStartedStepThatIsNotFiniteIsNotSaved(@TempDir Path directory) throws IOException {
    Path before = Files.createDirectory(directory.resolve("before"));
    Path after = Files.createDirectory(directory.resolve("after"));
    try (TrainingSession session = open("l")) {
      session.step(batch(0), 1e30);
      session.save(before);
      Supplier<StepResult> broken = session.begin(batch(1), 1e30);
      session.save(after);
      assertThat(broken.get().gradientNorm()).isNaN();
    }
    try (var files = Files.walk(before)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(after.resolve(before.relativize(file))).hasSameBinaryContentAs(file);
      }
    }
  }

  /** Submits more jobs than there are staging buffers. One job needs several chunks. */
  @ParameterizedTest
  @ValueSource(strings = {"e", "l", "le", "el"})
  void dataInTransferIsNotOverwritten(String laziness) {
    FakeCudaPlatform.laziness(laziness);
    try (Device device = new FakeCudaPlatform(false, FakeCudaPlatform.LARGE).open(SPEC)) {
      int rows = StagingBuffers.CHUNK / Integer.BYTES - 100;
      int jobs = 3 * StagingBuffers.BLOCKS;
      float[] table = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
      Floats there = device.allocate(table.length);
      device.write(table, there, table.length);
      List<Ints> ids = List.of(device.allocateIds(rows), device.allocateIds(rows));
      List<Floats> embedded = new ArrayList<>();
      for (int i = 0; i < 2 * jobs; i++) {
        embedded.add(device.allocate(8));
      }
      device.allocate(4L << 20); // so that the blocks are newly allocated
      for (int job = 0; job < jobs; job++) {
        int which = job;
        device.onEach(
            lane -> {
              for (int i = 0; i < 2; i++) {
                int[] all = new int[rows];
                Arrays.fill(all, (2 * which + i) % table.length);
                ids.get(i).put(all, rows);
                device.kernels(lane).embed(ids.get(i), 8, there, embedded.get(2 * which + i), 1);
              }
            });
      }
      for (int i = 0; i < 2 * jobs; i++) {
        float[] found = new float[8];
        device.read(embedded.get(i), found, 8);
        assertThat(found[0]).as("job %d", i / 2).isEqualTo(i % table.length);
        assertThat(found[7]).as("job %d", i / 2).isEqualTo(i % table.length);
      }
    }
  }

  @Test
  void aProfileFindsTheTimeOfKernels() {
    FakeCudaPlatform platform = new FakeCudaPlatform(true, FakeCudaPlatform.LARGE);
    FakeCudaPlatform.laziness("l");
    CardProfile profile =
        new CardProfile(platform.host(), platform.cache(), false, FakeCudaPlatform.clock(), true);
    try (TrainingSession session = new LlamaEngine(profile.on(platform)).open(SPEC)) {
      List<StepResult> expected;
      try (TrainingSession other = open("l")) {
        expected = oneByOne(other, 0, 3);
      }
      List<StepResult> steps = new ArrayList<>();
      long begin = System.nanoTime();

      Map<String, Double> seconds =
          profile.secondsByKernel(() -> steps.addAll(oneByOne(session, 0, 3)));

      double all = (System.nanoTime() - begin) / 1e9;
      assertThat(steps).isEqualTo(expected);
      assertThat(seconds)
          .containsKeys("products", "rms_norm", "flash_forward", "adam_w", "between kernels");
      assertThat(seconds.values()).allMatch(s -> s >= 0);
      assertThat(seconds.values().stream().mapToDouble(s -> s).sum()).isBetween(1e-9, all);
    }
  }
}
