package dev.mixlaw.train.engine.llama;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectNestedMethod;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingSession;
import dev.mixlaw.api.spi.TrainingSession.StepResult;
import dev.mixlaw.testkit.support.ReferenceDecoder;
import dev.mixlaw.train.engine.llama.CardCheck.Card;
import dev.mixlaw.train.engine.llama.CardCheck.Chapter;
import dev.mixlaw.train.engine.weights.InitialWeights;
import dev.mixlaw.train.engine.weights.WeightLayout;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** The sections of {@link CardCheck}, in order. The last section makes the GPU unusable. */
final class CardChapters {
  /** A session that a simulated GPU can train in seconds. */
  private static final SessionSpec SMALL =
      new SessionSpec(
          ModelSpec.of("small", 32, 2, 2, 48).withContext(40), 70, 3, Recipe.standard(), 5, 2);

  /** A session whose batches need several micro-batches, and whose logits need several chunks. */
  private static final SessionSpec USUAL =
      new SessionSpec(
          ModelSpec.of("usual", 256, 4, 4, 688).withContext(300),
          5000,
          20,
          Recipe.standard(),
          1,
          8);

  /** A session with a model of 124 million parameters. */
  private static final SessionSpec LARGE =
      new SessionSpec(
          ModelSpec.of("large", 768, 12, 12, 2048).withContext(1024),
          50304,
          8,
          Recipe.standard(),
          1,
          16);

  /**
   * Bytes of GPU memory that a session may take in addition to the planned memory: for the driver,
   * and because memory is allocated in whole pages.
   */
  private static final long BESIDE_THE_PLAN = 96L << 20;

  private final Card card;
  private final boolean quick;

  CardChapters(Card card, boolean quick) {
    this.card = card;
    this.quick = quick;
  }

  Map<String, Chapter> all() {
    Map<String, Chapter> all = new LinkedHashMap<>();
    all.put("start, memory against the plan", this::memory);
    all.put("kernels against their definitions", this::kernels);
    all.put("gradients against their definition", this::gradients);
    all.put("losses of the processor, fp32", progress -> losses("fp32", progress));
    all.put("losses of the processor, bf16", progress -> losses("bf16", progress));
    all.put("resuming to the same bits", this::resuming);
    all.put("a model too large, and a loss that is not finite", this::refusals);
    all.put("a card that breaks", this::breaking);
    return all;
  }

  private LlamaEngine engine(String precision) {
    return new LlamaEngine(card.platform().apply(precision));
  }

  private SessionSpec spec() {
    return quick ? SMALL : USUAL;
  }

  private static int[] batch(SessionSpec spec, long seed) {
    long ids = (long) spec.batchSequences() * (spec.model().context() + 1);
    return new Random(seed).ints(ids, 0, spec.vocabulary()).toArray();
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }

  /**
   * Compares the memory that a session takes with the planned memory, and measures the time of its
   * first step. This section is the first, so the time includes the start of the GPU.
   */
  private String memory(Consumer<String> progress) {
    SessionSpec spec = quick ? SMALL : LARGE;
    long planned = engine("bf16").cost(spec).memoryBytes();
    long begin = System.nanoTime();
    try (Device other = card.platform().apply("bf16").open(SMALL)) {
      long before = other.free();
      try (TrainingSession session = engine("bf16").open(spec)) {
        session.step(batch(spec, 1), 1e-4);
        double seconds = (System.nanoTime() - begin) / 1e9;
        session.step(batch(spec, 2), 1e-4);
        session.step(batch(spec, 3), 1e-4);
        long taken = before - other.free();
        String figures =
            String.format(
                Locale.ROOT,
                "%d MB taken, %d planned; %.1f s to the end of the first step of %d parameters",
                taken >> 20,
                planned >> 20,
                seconds,
                spec.model().parameters(spec.vocabulary()));
        require(Math.abs(taken - planned) <= planned / 10 + BESIDE_THE_PLAN, figures);
        return figures;
      }
    }
  }

  private String kernels(Consumer<String> progress) {
    CardTest.platforms = card.platform();
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(
                quick
                    ? List.of(
                        selectNestedMethod(
                            List.of(CardTest.class), CardTest.InBf16.class, "rotations"),
                        selectNestedMethod(
                            List.of(CardTest.class),
                            CardTest.InSinglePrecision.class,
                            "gatedUnits"))
                    : List.of(selectClass(CardTest.class)))
            .build();
    Contracts contracts = new Contracts(progress);
    LauncherFactory.create().execute(request, contracts);
    require(contracts.broken.isEmpty(), String.join("; ", contracts.broken));
    require(contracts.passed > 0, "nothing was checked");
    return contracts.passed + " checks";
  }

  /**
   * Counts passed tests and collects failures. A skipped test is a failure, because it checked
   * nothing.
   */
  private static final class Contracts implements TestExecutionListener {
    private final Consumer<String> progress;
    private final List<String> broken = new ArrayList<>();
    private int passed;

    Contracts(Consumer<String> progress) {
      this.progress = progress;
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
      broken.add(test.getDisplayName() + ": " + reason);
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
      if (result.getStatus() != TestExecutionResult.Status.SUCCESSFUL) {
        broken.add(test.getDisplayName() + ": " + result.getThrowable().orElse(null));
      } else if (test.isTest() && ++passed % 10 == 0) {
        progress.accept(passed + " checked");
      }
    }
  }

  /**
   * Compares the gradients of a small model with the reference decoder, which is too slow for
   * larger ones. Larger models use the same kernels.
   */
  private String gradients(Consumer<String> progress) {
    int[] ids = batch(SMALL, 5);
    Map<String, double[]> weights = new LinkedHashMap<>();
    for (WeightLayout.Tensor t : WeightLayout.of(SMALL.model(), SMALL.vocabulary()).tensors()) {
      float[] values = InitialWeights.of(t, SMALL.model().layers(), SMALL.seed());
      weights.put(
          t.name(), IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray());
    }
    Map<String, double[]> expected =
        new ReferenceDecoder(SMALL.model(), SMALL.vocabulary(), weights)
            .run(ids, SMALL.model().context())
            .gradients();
    double exact = largestDifference("fp32", ids, expected);
    double rounded = largestDifference("bf16", ids, expected);
    String said =
        String.format(
            Locale.ROOT,
            "%d tensors within %.6f in fp32, %.4f in bf16",
            expected.size(),
            exact,
            rounded);
    require(exact < 1e-4 && rounded < 0.03, said);
    return said;
  }

  /**
   * Returns the largest difference of any tensor's gradient from the expected one, relative to the
   * norm of the expected gradient.
   */
  private double largestDifference(String precision, int[] ids, Map<String, double[]> expected) {
    Map<String, float[]> found;
    try (TrainingSession session = engine(precision).open(SMALL)) {
      found = session.gradients(ids);
    }
    double largest = 0;
    for (Map.Entry<String, double[]> e : expected.entrySet()) {
      float[] is = found.get(e.getKey());
      double difference = 0;
      double norm = 0;
      for (int i = 0; i < is.length; i++) {
        difference += Math.pow(is[i] - e.getValue()[i], 2);
        norm += Math.pow(e.getValue()[i], 2);
      }
      double relative = Math.sqrt(difference / norm);
      require(!Double.isNaN(relative), e.getKey() + " is not finite");
      largest = Math.max(largest, relative);
    }
    return largest;
  }

  private String losses(String precision, Consumer<String> progress) {
    RecordedCurve curve = quick ? RecordedCurve.SMALL : RecordedCurve.WHOLE;
    int steps = curve.steps();
    double[] found =
        curve.by(
            engine(precision),
            step -> {
              if (step % (steps / 5) == 0) {
                progress.accept(step + " of " + steps + " steps");
              }
            });
    curve
        .differs(found, 0.5)
        .ifPresent(
            difference -> {
              throw new AssertionError(difference);
            });
    return String.format(
        Locale.ROOT, "%d steps within %.3f %%", steps, curve.largestDifference(found));
  }

  private String resuming(Consumer<String> progress) {
    SessionSpec spec = spec();
    double[] losses = new double[quick ? 4 : 8];
    Path directory = temporary();
    try {
      try (TrainingSession session = engine("bf16").open(spec)) {
        for (int i = 0; i < losses.length; i++) {
          if (i == losses.length / 2) {
            session.save(directory);
          }
          losses[i] = session.step(batch(spec, i), 1e-3).loss();
        }
      }
      try (TrainingSession session = engine("bf16").open(spec)) {
        session.load(directory);
        for (int i = losses.length / 2; i < losses.length; i++) {
          double again = session.step(batch(spec, i), 1e-3).loss();
          require(again == losses[i], "step " + i + " gives " + again + ", before " + losses[i]);
        }
      }
    } finally {
      delete(directory);
    }
    return losses.length / 2 + " steps after a checkpoint";
  }

  private static Path temporary() {
    try {
      return Files.createTempDirectory("mixlaw-check");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String refusals(Consumer<String> progress) {
    ModelSpec huge = ModelSpec.of("huge", 8192, 600, 64, 24576).withContext(64);
    try (TrainingSession session =
        engine("bf16").open(new SessionSpec(huge, 1000, 1, Recipe.standard(), 1, 1))) {
      throw new AssertionError(session + " fits");
    } catch (MixlawException e) {
      require(String.valueOf(e.getMessage()).contains("does not fit"), String.valueOf(e));
    }
    SessionSpec spec = spec();
    try (TrainingSession session = engine("bf16").open(spec)) {
      session.step(batch(spec, 1), 1e30);
      Supplier<StepResult> astray = session.begin(batch(spec, 2), 1e-3);
      Supplier<StepResult> after = session.begin(batch(spec, 3), 1e-3);
      require(!Double.isFinite(astray.get().gradientNorm()), "no norm: " + astray.get());
      require(!Double.isFinite(after.get().gradientNorm()), "no norm: " + after.get());
    }
    return "both said";
  }

  private String breaking(Consumer<String> progress) {
    String said;
    try (TrainingSession session = engine("bf16").open(SMALL);
        Device device = card.platform().apply("bf16").open(SMALL)) {
      session.step(batch(SMALL, 1), 1e-3);
      said = failure(() -> card.breaking().accept(device), session);
    }
    String next;
    try (TrainingSession session = engine("bf16").open(SMALL)) {
      next = "works: " + session.step(batch(SMALL, 1), 1e-3);
    } catch (MixlawException e) {
      next = "fails too: " + e.getMessage();
    }
    return said + "; the next session of this process " + next;
  }

  private static String failure(Runnable breaking, TrainingSession session) {
    try {
      breaking.run();
      StepResult result = session.step(batch(SMALL, 2), 1e-3);
      throw new AssertionError("a broken card gives " + result);
    } catch (MixlawException e) {
      String said = String.valueOf(e.getMessage());
      require(e.kind() == MixlawException.Kind.ENGINE && said.contains(" failed: "), said);
      return said;
    }
  }
}
