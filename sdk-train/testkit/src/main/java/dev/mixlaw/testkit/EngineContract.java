package dev.mixlaw.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.Schedule;
import dev.mixlaw.api.spi.LanguageModel;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.api.spi.TrainingSession;
import dev.mixlaw.testkit.support.OtherJvm;
import dev.mixlaw.testkit.support.ReferenceDecoder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The tests that every {@link TrainingEngine} must pass. To test an engine, extend this class and
 * return the engine from {@link #engine()}:
 *
 * <pre>{@code
 * class MyEngineTest extends EngineContract {
 *   @Override
 *   protected TrainingEngine engine() {
 *     return new MyEngine().precision(Precision.FP32);
 *   }
 * }
 * }</pre>
 *
 * <p>The class must be static and have a constructor without parameters, because tests of memory
 * create it in another JVM. The engine must compute in single precision. The tests compare losses,
 * gradients and updates with a reference decoder in double precision. They check that training can
 * be resumed with bit-identical results, that sessions are deterministic, that wrong input is
 * refused, and that threads and memory are as stated. Tests of methods that the engine does not
 * override are skipped, and so are all tests if the engine is {@linkplain
 * TrainingEngine#unavailable unavailable}. On operating systems other than Linux, tests that count
 * native threads and memory are skipped. The test with the tag {@code long} takes minutes.
 */
public abstract class EngineContract {
  /** Creates the tests. */
  protected EngineContract() {}

  /** Returns the engine under test, which computes in single precision. */
  protected abstract TrainingEngine engine();

  @TempDir Path temporary;

  private static final int VOCABULARY = 37;

  private static final long PATIENCE_NANOS = 60_000_000_000L;

  @BeforeEach
  void skipIfUnavailable() {
    assumeTrue(engine().unavailable().isEmpty(), () -> engine().unavailable().toString());
  }

  private static final String TEXT =
      """
      A study describes mixtures of text, models and budgets, and asks which mixture trains the
      better model. Natural text was written by people for people. Rephrased text says again what
      a natural text says, in other words; a textbook explains it from the beginning. A model that
      is trained on rephrased text alone learns quickly and then learns no more, while a model that
      is trained on natural text alone learns slowly and goes on. Between them lies a best share,
      and where it lies depends on the size of the model, on the number of tokens and on what the
      model is asked to read afterwards. So the shares are measured and not guessed. Every number
      carries an interval, and where the runs cannot say anything, the report says that instead.
      """;

  /** An optimizer that always clips and does not amplify rounding errors of tiny gradients. */
  private static final Recipe ADAM_WITH_LARGE_EPSILON =
      new Recipe(
          Schedule.cosine(),
          OptionalDouble.empty(),
          1,
          Optional.empty(),
          0.3,
          0.8,
          0.9,
          1e-3,
          0.05);

  private static ModelSpec model(int keyValueHeads, boolean tied) {
    return ModelSpec.of("contract", 24, 2, 4, 20)
        .withContext(9)
        .withKeyValueHeads(keyValueHeads)
        .withTiedHead(tied);
  }

  private static SessionSpec spec(ModelSpec model, int batch, int threads) {
    return new SessionSpec(model, VOCABULARY, batch, Recipe.standard(), 7, threads);
  }

  private static int[] ids(int sequences, int context, long seed) {
    Random random = new Random(seed);
    return random.ints((long) sequences * (context + 1), 0, VOCABULARY).toArray();
  }

  /**
   * Returns the initial weights of a session, which it reads from a model that the engine saves.
   */
  private Map<String, double[]> initial(SessionSpec spec) {
    try (TrainingSession session = engine().open(spec)) {
      return saved(session);
    }
  }

  private Map<String, double[]> saved(TrainingSession session) {
    try {
      Path directory = Files.createTempDirectory(temporary, "saved");
      session.save(directory);
      return SavedWeights.read(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "4, true, 1, false",
    "2, true, 1, false",
    "1, false, 1, false",
    "4, false, 2, false",
    "2, true, 3, false",
    "2, true, 1, true",
    "1, false, 2, true"
  })
  void lossAndGradientsAreTheReference(
      int keyValueHeads, boolean tied, int threads, boolean qkNorm) {
    SessionSpec spec = spec(model(keyValueHeads, tied).withQkNorm(qkNorm), 5, threads);
    int[] ids = ids(5, 9, 3);
    var expected = new ReferenceDecoder(spec.model(), VOCABULARY, initial(spec)).run(ids, 9);
    try (TrainingSession session = engine().open(spec)) {
      var actual = session.gradients(ids);

      assertThat(session.step(ids, 1e-3).loss()).isCloseTo(expected.loss(), within(2e-6));
      assertThat(actual.keySet()).isEqualTo(expected.gradients().keySet());
      expected.gradients().forEach((name, values) -> assertClose(name, actual.get(name), values));
    }
  }

  @Test
  void lossesOfTextAreTheReferenceAtAnyLengthAndCount() {
    SessionSpec spec = spec(model(2, true), 3, 2);
    ReferenceDecoder reference = new ReferenceDecoder(spec.model(), VOCABULARY, initial(spec));
    try (TrainingSession session = engine().open(spec)) {
      for (int length : new int[] {9, 4, 1}) {
        int[] ids = ids(11, length, length);
        float[] nats = new float[11 * length];
        session.model().losses(ids, 11, length, nats);

        double[] expected = reference.run(ids, length).nats();
        for (int i = 0; i < expected.length; i++) {
          assertThat((double) nats[i]).isCloseTo(expected[i], within(5e-6));
        }
      }
    }
  }

  @Test
  void lossesOfLastPositionsEqualThoseOfAllPositions() {
    try (TrainingSession session = engine().open(spec(model(2, true), 3, 2))) {
      for (int length : new int[] {9, 4}) {
        int[] ids = ids(11, length, length);
        float[] whole = new float[11 * length];
        session.model().losses(ids, 11, length, whole);
        for (int first : new int[] {0, 1, length / 2, length - 1}) {
          int wanted = length - first;
          float[] ends = new float[11 * wanted];
          session.model().losses(ids, 11, length, first, ends);

          for (int i = 0; i < ends.length; i++) {
            float same = whole[i / wanted * length + first + i % wanted];
            assertThat(ends[i]).isCloseTo(same, within(2e-6f));
          }
        }
      }
    }
  }

  @Test
  void readingLossesAndGradientsDoesNotAffectTraining() {
    SessionSpec spec = spec(model(4, true), 4, 1);
    List<Float> undisturbed = train(spec, 3, (session, step) -> {});
    List<Float> disturbed =
        train(
            spec,
            3,
            (session, step) -> {
              session.model().losses(ids(5, 6, 9), 5, 6, new float[30]);
              session.gradients(ids(4, 9, 77));
            });

    assertThat(disturbed).isEqualTo(undisturbed);
  }

  @Test
  void stepsFollowAdamWWithClippingAndNoDecayOfNormsAndEmbeddings() {
    ModelSpec model = model(2, false).withQkNorm(true);
    SessionSpec spec = new SessionSpec(model, VOCABULARY, 3, ADAM_WITH_LARGE_EPSILON, 5, 1);
    AdamWReference expected = new AdamWReference(spec, initial(spec));
    try (TrainingSession session = engine().open(spec)) {
      for (int step = 1; step <= 4; step++) {
        int[] ids = ids(3, 9, step);
        double rate = 0.01 * step;
        TrainingSession.StepResult result = session.step(ids, rate);

        assertThat(result.loss()).isCloseTo(expected.step(ids, rate), within(1e-5));
        assertThat(result.gradientNorm()).isCloseTo(expected.norm(), within(1e-5));
        assertThat(result.gradientNorm()).as("gradients are clipped").isGreaterThan(0.05);
      }
      assertClose(saved(session), expected.weights());
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "1, 1", "4, 1", "6, 2"})
  void aResumedRunIsBitIdenticalToAnUninterruptedOne(int stop, int threads, @TempDir Path directory)
      throws IOException {
    SessionSpec spec = spec(model(2, true), 4, threads);
    Path whole = Files.createDirectory(directory.resolve("whole"));
    Path half = Files.createDirectory(directory.resolve("half"));
    Path resumed = Files.createDirectory(directory.resolve("resumed"));
    try (TrainingSession session = engine().open(spec)) {
      steps(session, 0, 7);
      session.save(whole);
    }
    try (TrainingSession session = engine().open(spec)) {
      steps(session, 0, stop);
      session.save(half);
    }
    SessionSpec otherSeed =
        new SessionSpec(spec.model(), VOCABULARY, 4, spec.recipe(), spec.seed() + 1, threads);
    try (TrainingSession session = engine().open(otherSeed)) {
      session.load(half);
      steps(session, stop, 7);
      session.save(resumed);
    }

    assertSameFiles(resumed, whole);
  }

  /**
   * Engines divide a batch into parts for their threads. The sum of the gradients of the parts must
   * be the gradient of the whole batch.
   */
  @ParameterizedTest
  @CsvSource({"1, true", "2, true", "3, false", "7, true"})
  void gradientsOfPartsAddUpToThoseOfTheBatch(int threads, boolean tied) {
    int batch = 7;
    // With 200 tokens, even engines for CPUs divide batches of more than two sequences.
    ModelSpec model = ModelSpec.of("parts", 16, 1, 2, 24).withContext(200).withTiedHead(tied);
    int[] ids = ids(batch, 200, 8);
    Map<String, double[]> expected = new LinkedHashMap<>();
    double loss = 0;
    try (TrainingSession session = engine().open(spec(model, 1, 1))) {
      for (int s = 0; s < batch; s++) {
        int[] sequence = Arrays.copyOfRange(ids, s * 201, (s + 1) * 201);
        float[] nats = new float[200];
        session.model().losses(sequence, 1, 200, nats);
        for (float n : nats) {
          loss += (double) n / nats.length / batch;
        }
        session
            .gradients(sequence)
            .forEach(
                (name, values) -> {
                  double[] sum = expected.computeIfAbsent(name, n -> new double[values.length]);
                  for (int i = 0; i < values.length; i++) {
                    sum[i] += (double) values[i] / batch;
                  }
                });
      }
    }
    try (TrainingSession session = engine().open(spec(model, batch, threads))) {
      var actual = session.gradients(ids);

      assertThat(session.step(ids, 1e-3).loss()).isCloseTo(loss, within(2e-6));
      expected.forEach((name, values) -> assertClose(name, actual.get(name), values));
    }
  }

  /** A schedule can start with small batches, also with fewer sequences than threads. */
  @ParameterizedTest
  @CsvSource({"1", "3"})
  void stepsDoNotDependOnTheLargestBatchOfTheSession(int threads, @TempDir Path directory)
      throws IOException {
    ModelSpec model = model(2, false);
    for (int largest : new int[] {4, 9}) {
      Path saved = Files.createDirectory(directory.resolve("largest-" + largest));
      SessionSpec spec =
          new SessionSpec(model, VOCABULARY, largest, ADAM_WITH_LARGE_EPSILON, 7, threads);
      try (TrainingSession session = engine().open(spec)) {
        for (int n : new int[] {1, 2, 4, 3}) {
          session.step(ids(n, 9, n), 0.01);
        }
        session.save(saved);
      }
    }
    SessionSpec spec = new SessionSpec(model, VOCABULARY, 4, ADAM_WITH_LARGE_EPSILON, 7, 1);
    AdamWReference expected = new AdamWReference(spec, initial(spec));
    for (int n : new int[] {1, 2, 4, 3}) {
      expected.step(ids(n, 9, n), 0.01);
    }

    assertSameFiles(directory.resolve("largest-4"), directory.resolve("largest-9"));
    assertClose(SavedWeights.read(directory.resolve("largest-4")), expected.weights());
  }

  /** The directory of the opened model does not contain the trainer's state. */
  @ParameterizedTest
  @CsvSource({"true, 1", "false, 2", "true, 3"})
  void anOpenedModelGivesTheLossesOfTheTrainedOne(
      boolean tied, int threads, @TempDir Path directory) throws IOException {
    assumeOpensModels();
    Path opened = Files.createDirectory(directory.resolve("model"));
    int[] ids = ids(11, 7, 3);
    float[] expected = new float[11 * 7];
    try (TrainingSession session = engine().open(spec(model(2, tied), 4, 2))) {
      steps(session, 0, 3);
      session.model().losses(ids, 11, 7, expected);
      Path saved = Files.createDirectory(directory.resolve("saved"));
      session.save(saved);
      for (String file : List.of("model.safetensors", "config.json")) {
        Files.move(saved.resolve(file), opened.resolve(file));
      }
    }
    try (LanguageModel model = engine().openModel(opened, threads)) {
      float[] actual = new float[11 * 7];
      model.losses(ids, 11, 7, actual);

      assertThat(model.vocabulary()).isEqualTo(VOCABULARY);
      assertThat(model.context()).isEqualTo(9);
      assertThat(actual).containsExactly(expected, within(5e-6f));
    }
  }

  @Test
  void aDirectoryWithoutAModelIsRefused(@TempDir Path directory) throws IOException {
    assumeOpensModels();
    assertThatThrownBy(() -> engine().openModel(directory, 1))
        .isInstanceOf(MixlawException.class)
        .hasMessageContaining(directory.toString());
    try (TrainingSession session = engine().open(spec(model(2, true), 4, 2))) {
      session.save(directory);
    }
    byte[] weights = Files.readAllBytes(directory.resolve("model.safetensors"));
    Files.write(directory.resolve("model.safetensors"), Arrays.copyOf(weights, weights.length - 4));

    assertThatThrownBy(() -> engine().openModel(directory, 1))
        .isInstanceOf(MixlawException.class)
        .hasMessageContaining(directory.toString());
  }

  /** Trains a saved model, for which the state of the optimizer is initialized again. */
  @Test
  void trainingStartsFromASavedModel(@TempDir Path directory) throws IOException {
    SessionSpec spec =
        new SessionSpec(model(2, true), VOCABULARY, 4, ADAM_WITH_LARGE_EPSILON, 7, 1);
    try (TrainingSession session = engine().open(spec)) {
      assumeTrue(overrides(session, "loadModel", Path.class), "loadModel is not overridden");
      steps(session, 0, 3);
      session.save(directory);
    }
    AdamWReference expected = new AdamWReference(spec, SavedWeights.read(directory));
    SessionSpec otherSeed =
        new SessionSpec(spec.model(), VOCABULARY, 4, ADAM_WITH_LARGE_EPSILON, 8, 1);
    try (TrainingSession session = engine().open(otherSeed)) {
      session.loadModel(directory);
      for (int step = 1; step <= 2; step++) {
        int[] ids = ids(4, 9, step);

        assertThat(session.step(ids, 0.01).loss())
            .isCloseTo(expected.step(ids, 0.01), within(1e-5));
      }
      assertClose(saved(session), expected.weights());
    }
  }

  @Test
  void startedStepsGiveTheResultsOfSteps() {
    SessionSpec spec = spec(model(4, false), 4, 2);
    List<TrainingSession.StepResult> expected = new ArrayList<>();
    try (TrainingSession session = engine().open(spec)) {
      for (int step = 0; step < 5; step++) {
        expected.add(session.step(ids(4, 9, step), 1e-2));
      }
    }
    List<Supplier<TrainingSession.StepResult>> started = new ArrayList<>();
    try (TrainingSession session = engine().open(spec)) {
      for (int step = 0; step < 5; step++) {
        int[] ids = ids(4, 9, step);
        started.add(session.begin(ids, 1e-2));
        Arrays.fill(ids, 0);
      }

      assertThat(started).extracting(Supplier::get).isEqualTo(expected);
    }
  }

  @Test
  void sessionsInParallelAreDeterministic() throws Exception {
    SessionSpec one = spec(model(2, true), 4, 1);
    SessionSpec two = spec(model(4, false), 5, 2);
    List<Float> first = train(one, 30, (session, step) -> {});
    List<Float> second = train(two, 30, (session, step) -> {});
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      Future<List<Float>> firstAgain = threads.submit(() -> train(one, 30, (session, step) -> {}));
      Future<List<Float>> secondAgain = threads.submit(() -> train(two, 30, (session, step) -> {}));

      assertThat(firstAgain.get()).isEqualTo(first);
      assertThat(secondAgain.get()).isEqualTo(second);
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void aLossThatIsNotFiniteIsReportedAndNothingUpdated(@TempDir Path directory) throws IOException {
    SessionSpec spec = spec(model(4, true), 2, 1);
    try (TrainingSession session = engine().open(spec)) {
      session.step(ids(2, 9, 1), 1e30);
      session.save(Files.createDirectory(directory.resolve("before")));
      TrainingSession.StepResult result = session.step(ids(2, 9, 2), 1e-3);
      session.save(Files.createDirectory(directory.resolve("after")));

      assertThat(Double.isFinite(result.loss()) && Double.isFinite(result.gradientNorm()))
          .isFalse();
      assertSameFiles(directory.resolve("after"), directory.resolve("before"));
    }
  }

  @Test
  void wrongBatchesAreRefused() {
    SessionSpec spec = spec(model(4, true), 2, 1);
    int[] foreign = ids(2, 9, 1);
    foreign[3] = VOCABULARY;
    try (TrainingSession session = engine().open(spec)) {
      assertThatThrownBy(() -> session.step(ids(3, 9, 1), 1e-3))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> session.step(foreign, 1e-3))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(Integer.toString(VOCABULARY));
      assertThatThrownBy(() -> session.model().losses(ids(1, 10, 1), 1, 10, new float[10]))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> session.model().losses(ids(2, 9, 1), 3, 9, new float[27]))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> session.model().losses(ids(2, 9, 1), 2, 9, new float[17]))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void learnsText() {
    byte[] text = TEXT.getBytes(StandardCharsets.US_ASCII);
    ModelSpec model = ModelSpec.of("text", 32, 2, 2, 64).withContext(32);
    SessionSpec spec = new SessionSpec(model, 128, 8, Recipe.standard(), 3, 2);
    Random random = new Random(4);
    List<Double> losses = new ArrayList<>();
    try (TrainingSession session = engine().open(spec)) {
      for (int step = 0; step < 200; step++) {
        int[] batch = new int[8 * 33];
        for (int s = 0; s < 8; s++) {
          int from = random.nextInt(text.length - 33);
          for (int i = 0; i < 33; i++) {
            batch[s * 33 + i] = text[from + i];
          }
        }
        losses.add(session.step(batch, 3e-3).loss());
      }
    }

    assertThat(losses.get(0)).isCloseTo(Math.log(128), within(0.1));
    // The entropy of single letters is 2.9 nats. How fast a model learns more depends on rounding.
    assertThat(losses.subList(190, 200)).allMatch(loss -> loss < 2.6);
  }

  /**
   * Detects a memory leak of 1 KB per step. The use of native memory is stable only after about
   * 15,000 steps.
   */
  @Test
  @Tag("long")
  void memoryStaysBounded() throws Exception {
    assertThat(probe("growth", 8000)[0]).isLessThan(6e6);
  }

  @ParameterizedTest
  @CsvSource({"cost, 0", "cost, 1", "model, 0", "model, 1", "writing, 0", "writing, 1"})
  void theStatedMemoryIsWithinAQuarterOfTheMeasured(String what, int model) throws Exception {
    SessionSpec spec = MemoryProbe.LARGE.get(model);
    switch (what) {
      case "model" -> assumeOpensModels();
      case "writing" ->
          assumeTrue(
              engine().writingCost(spec.model(), spec.vocabulary(), 1).isPresent(),
              "the engine does not generate text");
      default -> {}
    }
    compareMemory(what, model);
  }

  /**
   * Compares the memory that the engine states for a session with the memory that the session takes
   * in another JVM.
   *
   * @param what {@code cost} of training, {@code model} for evaluation, or {@code writing} of text
   * @param model 0 for a model whose memory is mostly weights, 1 for mostly activations
   * @param options additional options of the other JVM
   */
  protected final void compareMemory(String what, int model, String... options) throws Exception {
    double[] statedAndMeasured = probe(what, model, options);

    // The measured memory includes up to 8 MB for code and classes.
    double least = statedAndMeasured[1] - 8e6;
    assertThat(statedAndMeasured[0]).isBetween(0.75 * least, 1.25 * statedAndMeasured[1]);
  }

  private double[] probe(String what, int number, String... more) throws Exception {
    assumeTrue(Files.exists(MemoryProbe.STATUS), "resident memory is read from /proc");
    assumeTrue(engine().deviceMemory().isEmpty(), "sessions use the memory of a device");
    Path directory = Files.createTempDirectory(temporary, "probed");
    if (what.equals("model") || what.equals("writing")) {
      try (TrainingSession session = engine().open(MemoryProbe.LARGE.get(number))) {
        session.save(directory);
      }
    }
    // The Java heap has a fixed size, which is subtracted from the measured memory.
    List<String> options = new ArrayList<>(List.of("-Xms256m", "-Xmx256m", "-XX:+AlwaysPreTouch"));
    options.addAll(List.of(more));
    String output =
        OtherJvm.with(options.toArray(String[]::new))
            .and(location())
            .run(
                MemoryProbe.class,
                List.of(getClass().getName(), what, "" + number, directory.toString()));
    return Arrays.stream(output.strip().split(" ", -1)).mapToDouble(Double::parseDouble).toArray();
  }

  /** Returns the directory of the test class; empty if the class is in a jar. */
  private String location() throws URISyntaxException {
    String name = getClass().getName().replace('.', '/') + ".class";
    URL url = getClass().getClassLoader().getResource(name);
    Path file =
        url != null && url.getProtocol().equals("file") ? Path.of(url.toURI()) : Path.of("");
    return file.toString().replace(name, "");
  }

  private interface BeforeStep {
    void accept(TrainingSession session, int step);
  }

  /** Returns losses and gradient norms of some steps, and the gradients after them. */
  private List<Float> train(SessionSpec spec, int steps, BeforeStep before) {
    List<Float> seen = new ArrayList<>();
    try (TrainingSession session = engine().open(spec)) {
      for (int step = 0; step < steps; step++) {
        before.accept(session, step);
        TrainingSession.StepResult result =
            session.step(ids(spec.batchSequences(), spec.model().context(), step), 1e-2);
        seen.add((float) result.loss());
        seen.add((float) result.gradientNorm());
      }
      session
          .gradients(ids(spec.batchSequences(), spec.model().context(), 99))
          .values()
          .forEach(
              values -> {
                for (float value : values) {
                  seen.add(value);
                }
              });
    }
    return seen;
  }

  /** Threads of the JVM, and threads that are started once per process, are not counted. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void threadsAreAsManyAsAskedForWaitPassivelyAndEndWithTheSession(int threads, @TempDir Path saved)
      throws Exception {
    SessionSpec spec = spec(model(2, true), 6, threads);
    use(spec, saved.resolve("first"), () -> {});
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    Set<String> nativeBefore = NativeThreads.ids();

    use(
        spec,
        saved.resolve("second"),
        () -> {
          List<Thread> started = startedSince(before);
          assertThat(started).hasSizeLessThanOrEqualTo(threads);
          assertThat(NativeThreads.startedSince(nativeBefore, started))
              .as("including those of native libraries")
              .hasSizeLessThanOrEqualTo(threads);
          await(
              "waiting threads: " + started,
              () -> started.stream().noneMatch(t -> t.getState() == Thread.State.RUNNABLE));
        });

    await(
        "end of all native threads",
        () -> NativeThreads.startedSince(nativeBefore, startedSince(before)).isEmpty());
    assertThat(startedSince(before)).isEmpty();
  }

  /**
   * Returns the Java threads that were started after {@code before} was taken, without the threads
   * of parallel streams.
   */
  private static List<Thread> startedSince(Set<Thread> before) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(t -> !before.contains(t) && !(t instanceof ForkJoinWorkerThread))
        .toList();
  }

  private static void await(String what, Callable<Boolean> condition) throws Exception {
    long begin = System.nanoTime();
    while (!condition.call()) {
      assertThat(System.nanoTime() - begin).as(what).isLessThan(PATIENCE_NANOS);
      Thread.onSpinWait();
    }
  }

  /**
   * Trains, evaluates, saves and opens a model. Calls {@code whileOpen} while each session is open.
   */
  private void use(SessionSpec spec, Path directory, Check whileOpen) throws Exception {
    Files.createDirectory(directory);
    try (TrainingSession session = engine().open(spec)) {
      session.step(ids(6, 9, 1), 1e-3);
      session.model().losses(ids(6, 9, 1), 6, 9, new float[54]);
      session.save(directory);
      whileOpen.run();
    }
    if (!overrides(engine(), "openModel", Path.class, int.class)) {
      return;
    }
    try (LanguageModel model = engine().openModel(directory, spec.threads())) {
      model.losses(ids(6, 9, 1), 6, 9, new float[54]);
      whileOpen.run();
    }
  }

  private interface Check {
    void run() throws Exception;
  }

  private void assumeOpensModels() {
    assumeTrue(
        overrides(engine(), "openModel", Path.class, int.class), "openModel is not overridden");
  }

  private static boolean overrides(Object port, String method, Class<?>... parameters) {
    try {
      return !port.getClass().getMethod(method, parameters).getDeclaringClass().isInterface();
    } catch (NoSuchMethodException e) {
      throw new AssertionError(e);
    }
  }

  private static void steps(TrainingSession session, int from, int to) {
    for (int step = from; step < to; step++) {
      session.step(ids(4, 9, step), 1e-2 / (step + 1));
    }
  }

  private static void assertSameFiles(Path actual, Path expected) throws IOException {
    try (Stream<Path> files = Files.list(expected)) {
      List<Path> names = files.map(Path::getFileName).toList();
      assertThat(actual.toFile().list()).hasSameSizeAs(names);
      for (Path name : names) {
        assertThat(actual.resolve(name)).hasSameBinaryContentAs(expected.resolve(name));
      }
    }
  }

  private static void assertClose(Map<String, double[]> actual, Map<String, double[]> expected) {
    assertThat(actual.keySet()).isEqualTo(expected.keySet());
    expected.forEach((name, values) -> assertClose(name, actual.get(name), values));
  }

  private static void assertClose(String name, float[] actual, double[] expected) {
    double[] values = new double[actual.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = actual[i];
    }
    assertClose(name, values, expected);
  }

  /** Checks that values differ by at most 2·10⁻⁵ of the largest value of the tensor. */
  private static void assertClose(String name, double[] actual, double[] expected) {
    double largest = Arrays.stream(expected).map(Math::abs).max().orElse(0);
    assertThat(actual).as(name).containsExactly(expected, within(2e-5 * largest));
  }
}
