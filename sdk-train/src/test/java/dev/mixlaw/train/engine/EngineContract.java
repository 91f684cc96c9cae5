package dev.mixlaw.train.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.Schedule;
import dev.mixlaw.api.spi.ModelSession;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.api.spi.TrainingSession;
import dev.mixlaw.train.engine.weights.Checkpoint;
import dev.mixlaw.train.engine.weights.InitialWeights;
import dev.mixlaw.train.engine.weights.WeightLayout;
import java.io.IOException;
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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every engine must do. */
abstract class EngineContract {
  abstract TrainingEngine engine();

  /** What a JVM needs to find the engine as {@link #engine} has it. */
  List<String> jvmArguments() {
    return List.of();
  }

  static final int VOCABULARY = 37;

  /**
   * An engine's own test says where it must be available; here it may be absent, a card missing.
   */
  @BeforeEach
  void present() {
    assumeTrue(engine().unavailable().isEmpty(), () -> engine().unavailable().toString());
  }

  static final String TEXT =
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

  /** An update that does not enlarge rounding errors of tiny gradients, and always clips. */
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

  static ModelSpec model(int keyValueHeads, boolean tied) {
    return ModelSpec.of("contract", 24, 2, 4, 20)
        .withContext(9)
        .withKeyValueHeads(keyValueHeads)
        .withTiedHead(tied);
  }

  static SessionSpec spec(ModelSpec model, int batch, int threads) {
    return new SessionSpec(model, VOCABULARY, batch, Recipe.standard(), 7, threads);
  }

  static int[] ids(int sequences, int context, long seed) {
    Random random = new Random(seed);
    return random.ints((long) sequences * (context + 1), 0, VOCABULARY).toArray();
  }

  static Map<String, double[]> initial(SessionSpec spec) {
    Map<String, double[]> weights = new LinkedHashMap<>();
    for (WeightLayout.Tensor t : WeightLayout.of(spec.model(), spec.vocabulary()).tensors()) {
      float[] values = InitialWeights.of(t, spec.model().layers(), spec.seed());
      double[] copy = new double[values.length];
      for (int i = 0; i < copy.length; i++) {
        copy[i] = values[i];
      }
      weights.put(t.name(), copy);
    }
    return weights;
  }

  @ParameterizedTest
  @CsvSource({"4, true, 1", "2, true, 1", "1, false, 1", "4, false, 2", "2, true, 3"})
  void lossAndGradientsAreTheReference(int keyValueHeads, boolean tied, int threads) {
    SessionSpec spec = spec(model(keyValueHeads, tied), 5, threads);
    int[] ids = ids(5, 9, 3);
    var expected = new ReferenceDecoder(spec.model(), VOCABULARY, initial(spec)).run(ids, 9);
    try (TrainingSession session = engine().open(spec)) {
      var actual = session.gradients(ids);

      assertThat(actual.loss()).isCloseTo(expected.loss(), within(2e-6));
      assertThat(actual.byTensor().keySet()).isEqualTo(expected.gradients().keySet());
      expected
          .gradients()
          .forEach((name, values) -> assertClose(name, actual.byTensor().get(name), values));
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
  void lossesOfEndsAreThoseOfTheWhole() {
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
  void lookingAtLossesAndGradientsChangesNothing() {
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
  void stepsFollowAdamWWithClippingAndNoDecayOfNormsAndEmbeddings(@TempDir Path directory)
      throws IOException {
    ModelSpec model = model(2, false);
    SessionSpec spec = new SessionSpec(model, VOCABULARY, 3, ADAM_WITH_LARGE_EPSILON, 5, 1);
    AdamWReference expected = new AdamWReference(spec, initial(spec));
    try (TrainingSession session = engine().open(spec)) {
      for (int step = 1; step <= 4; step++) {
        int[] ids = ids(3, 9, step);
        double rate = 0.01 * step;
        TrainingSession.StepResult result = session.step(ids, rate);

        assertThat(result.loss()).isCloseTo(expected.step(ids, rate), within(1e-5));
        assertThat(result.gradientNorm()).isCloseTo(expected.norm(), within(1e-5));
        assertThat(result.gradientNorm()).as("or nothing is clipped").isGreaterThan(0.05);
      }
      Path saved = Files.createDirectory(directory.resolve("saved"));
      session.save(saved);
      new Checkpoint(model, VOCABULARY)
          .load(
              saved,
              (t, values) -> assertClose(t.name(), values, expected.weights().get(t.name())),
              (t, values) -> assertThat(values).hasSize((int) t.length()),
              (t, values) -> assertThat(values).hasSize((int) t.length()));
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 1", "1, 1", "4, 1", "6, 2"})
  void aResumedRunIsTheUninterruptedOneBitForBit(int stop, int threads, @TempDir Path directory)
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

    for (String file : List.of("model.safetensors", "trainer.safetensors", "config.json")) {
      assertThat(resumed.resolve(file)).as(file).hasSameBinaryContentAs(whole.resolve(file));
    }
  }

  /**
   * A batch of several parts on each of several threads against each sequence alone: gradients are
   * added up, whatever the parts.
   */
  @ParameterizedTest
  @CsvSource({"1, true", "2, true", "3, false", "7, true"})
  void gradientsOfPartsAddUpToThoseOfTheBatch(int threads, boolean tied) {
    int batch = 7;
    // 200 tokens: more than two sequences are more than any engine's processor takes at a time.
    ModelSpec model = ModelSpec.of("parts", 16, 1, 2, 24).withContext(200).withTiedHead(tied);
    int[] ids = ids(batch, 200, 8);
    Map<String, double[]> expected = new LinkedHashMap<>();
    double loss = 0;
    try (TrainingSession session = engine().open(spec(model, 1, 1))) {
      for (int s = 0; s < batch; s++) {
        var one = session.gradients(Arrays.copyOfRange(ids, s * 201, (s + 1) * 201));
        loss += one.loss() / batch;
        one.byTensor()
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

      assertThat(actual.loss()).isCloseTo(loss, within(2e-6));
      expected.forEach((name, values) -> assertClose(name, actual.byTensor().get(name), values));
    }
  }

  /** A schedule may start with small batches, also with fewer sequences than threads. */
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

    for (String file : List.of("model.safetensors", "trainer.safetensors")) {
      assertThat(directory.resolve("largest-4/" + file))
          .as(file)
          .hasSameBinaryContentAs(directory.resolve("largest-9/" + file));
    }
    new Checkpoint(model, VOCABULARY)
        .load(
            directory.resolve("largest-4"),
            (t, values) -> assertClose(t.name(), values, expected.weights().get(t.name())),
            (t, values) -> assertThat(values).hasSize((int) t.length()),
            (t, values) -> assertThat(values).hasSize((int) t.length()));
  }

  /** What a batch needs beyond a part of it are its losses. */
  @Test
  void memoryDoesNotGrowWithTheBatch() {
    ModelSpec model = ModelSpec.of("parts", 128, 4, 4, 352).withContext(256);
    long small = engine().cost(spec(model, 8, 2)).memoryBytes();
    long large = engine().cost(spec(model, 800, 2)).memoryBytes();

    assertThat(large - small).isLessThanOrEqualTo(Float.BYTES * 800L * 256);
  }

  /** Nothing of the trainer's state is there. */
  @ParameterizedTest
  @CsvSource({"true, 1", "false, 2", "true, 3"})
  void anOpenedModelGivesTheLossesOfTheTrainedOne(
      boolean tied, int threads, @TempDir Path directory) throws IOException {
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
    try (ModelSession session = engine().openModel(opened, threads)) {
      float[] actual = new float[11 * 7];
      session.model().losses(ids, 11, 7, actual);

      assertThat(session.model().vocabulary()).isEqualTo(VOCABULARY);
      assertThat(session.model().context()).isEqualTo(9);
      assertThat(actual).containsExactly(expected, within(5e-6f));
    }
  }

  @Test
  void aDirectoryWithoutAModelIsRefused(@TempDir Path directory) throws IOException {
    assertThatThrownBy(() -> engine().openModel(directory, 1))
        .isInstanceOf(MixlawException.class)
        .hasMessageContaining(directory + " is incomplete")
        .hasMessageContaining("config.json");
    try (TrainingSession session = engine().open(spec(model(2, true), 4, 2))) {
      session.save(directory);
    }
    byte[] weights = Files.readAllBytes(directory.resolve("model.safetensors"));
    Files.write(directory.resolve("model.safetensors"), Arrays.copyOf(weights, weights.length - 4));

    assertThatThrownBy(() -> engine().openModel(directory, 1))
        .isInstanceOf(MixlawException.class)
        .hasMessageContaining(directory + " cannot be read");
  }

  /** Training takes weights, two moments and two lanes' gradients. */
  @Test
  void anOpenedModelIsSaidToTakeALittleMoreThanItsWeights() {
    ModelSpec shape = ModelSpec.of("mostly weights", 512, 8, 8, 1376).withContext(64);
    long weights = 4 * shape.parameters(8000);

    assertThat(engine().modelCost(shape, 8000, 2).memoryBytes()).isBetween(weights, 2 * weights);
    SessionSpec training = new SessionSpec(shape, 8000, 4, Recipe.standard(), 1, 2);
    assertThat(engine().cost(training).memoryBytes()).isGreaterThan(5 * weights);
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
      assertThat(directory.resolve("after/trainer.safetensors"))
          .hasSameBinaryContentAs(directory.resolve("before/trainer.safetensors"));
      assertThat(directory.resolve("after/model.safetensors"))
          .hasSameBinaryContentAs(directory.resolve("before/model.safetensors"));
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
          .hasMessageContaining("37");
      assertThatThrownBy(() -> session.model().losses(ids(1, 10, 1), 1, 10, new float[10]))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> session.model().losses(ids(2, 9, 1), 3, 9, new float[27]))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> session.model().losses(ids(2, 9, 1), 2, 9, new float[17]))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static final double JVM_BYTES = 8e6;

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
    assertThat(losses.subList(190, 200)).allMatch(loss -> loss < 2.4);
  }

  /** Detects a loss of 1 KB a step. Native memory settles after about 15,000 steps. */
  @Test
  @Tag("long")
  void memoryStaysBounded() throws Exception {
    assertThat(probe("growth", "8000")[0]).isLessThan(6e6);
  }

  @ParameterizedTest
  @CsvSource({"cost, 0", "cost, 1", "model, 0", "model, 1"})
  void theStatedMemoryIsWithinAQuarterOfTheMeasured(String what, String which) throws Exception {
    compareMemory(what, which);
  }

  /**
   * Compares.
   *
   * @param options more of them for the other JVM
   */
  void compareMemory(String what, String which, String... options) throws Exception {
    double[] statedAndMeasured = probe(what, which, options);

    // What the JVM compiles, loads and keeps for its files meanwhile is measured too.
    double least = statedAndMeasured[1] - JVM_BYTES;
    assertThat(statedAndMeasured[0]).isBetween(0.75 * least, 1.25 * statedAndMeasured[1]);
  }

  /**
   * What {@link MemoryProbe} says in a JVM of its own: in this one, memory that earlier sessions
   * gave back would hide what is taken.
   */
  private double[] probe(String what, String argument, String... more) throws Exception {
    assumeTrue(Files.exists(MemoryProbe.STATUS), "resident memory is read from /proc");
    // A heap that is all there from the beginning, so that it can be left out.
    List<String> options = new ArrayList<>(List.of("-Xms256m", "-Xmx256m", "-XX:+AlwaysPreTouch"));
    options.addAll(jvmArguments());
    options.addAll(List.of(more));
    String said =
        OtherJvm.with(options.toArray(String[]::new))
            .run(MemoryProbe.class, List.of(engine().name(), what, argument));
    return Arrays.stream(said.strip().split(" ", -1)).mapToDouble(Double::parseDouble).toArray();
  }

  interface Between {
    void see(TrainingSession session, int step);
  }

  /** Losses and norms of some steps, to the last bit, and gradients after them. */
  private List<Float> train(SessionSpec spec, int steps, Between between) {
    List<Float> seen = new ArrayList<>();
    try (TrainingSession session = engine().open(spec)) {
      for (int step = 0; step < steps; step++) {
        between.see(session, step);
        TrainingSession.StepResult result =
            session.step(ids(spec.batchSequences(), spec.model().context(), step), 1e-2);
        seen.add((float) result.loss());
        seen.add((float) result.gradientNorm());
      }
      session
          .gradients(ids(spec.batchSequences(), spec.model().context(), 99))
          .byTensor()
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

  /** Threads that were there before, the virtual machine's own and others' are not looked at. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void threadsAreAsManyAsAskedForWaitPassivelyAndEndWithTheSession(int threads, @TempDir Path saved)
      throws Exception {
    SessionSpec spec = spec(model(2, true), 6, threads);
    // What a process starts once and keeps.
    use(spec, saved.resolve("first"), () -> {});
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    Set<String> tasksBefore = Tasks.ids();

    use(
        spec,
        saved.resolve("second"),
        () -> {
          List<Thread> own =
              Thread.getAllStackTraces().keySet().stream()
                  .filter(t -> !before.contains(t) && t.getName().startsWith("mixlaw-"))
                  .toList();
          assertThat(own).hasSizeLessThanOrEqualTo(threads);
          assertThat(Tasks.startedHere(tasksBefore))
              .as("of natives too")
              .hasSizeLessThanOrEqualTo(threads);
          Tasks.await(() -> own.stream().allMatch(t -> t.getState() == Thread.State.WAITING));
        });

    Tasks.await(() -> Tasks.startedHere(tasksBefore).isEmpty());
    assertThat(Thread.getAllStackTraces().keySet())
        .filteredOn(t -> !before.contains(t))
        .noneMatch(t -> t.getName().startsWith("mixlaw-"));
  }

  /** Trains, measures, saves, opens what was saved; looks while each session is open. */
  private void use(SessionSpec spec, Path directory, Looking whileOpen) throws Exception {
    Files.createDirectory(directory);
    try (TrainingSession session = engine().open(spec)) {
      session.step(ids(6, 9, 1), 1e-3);
      session.model().losses(ids(6, 9, 1), 6, 9, new float[54]);
      session.save(directory);
      whileOpen.look();
    }
    try (ModelSession session = engine().openModel(directory, spec.threads())) {
      session.model().losses(ids(6, 9, 1), 6, 9, new float[54]);
      whileOpen.look();
    }
  }

  private interface Looking {
    void look() throws Exception;
  }

  private static void steps(TrainingSession session, int from, int to) {
    for (int step = from; step < to; step++) {
      session.step(ids(4, 9, step), 1e-2 / (step + 1));
    }
  }

  /** Within 2·10⁻⁵ of the tensor's largest value. */
  static void assertClose(String name, float[] actual, double[] expected) {
    double scale = 0;
    for (double e : expected) {
      scale = Math.max(scale, Math.abs(e));
    }
    assertThat(actual).as(name).hasSize(expected.length);
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) actual[i])
          .as("%s [%d]", name, i)
          .isCloseTo(expected[i], within(2e-5 * scale));
    }
  }
}
