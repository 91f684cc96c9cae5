package dev.mixlaw.train.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.spi.LanguageModel;
import dev.mixlaw.api.spi.Precision;
import dev.mixlaw.api.spi.SamplingModel;
import dev.mixlaw.api.spi.SamplingModel.Sampling;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingSession;
import dev.mixlaw.train.engine.llama.LlamaEngine;
import dev.mixlaw.train.engine.llama.cpu.CpuPlatform;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Compares generated text with the losses of the same model. Generation has its own attention
 * kernel, which computes no losses.
 */
class WritingTest {
  static final int VOCABULARY = 37;
  static final int NEVER = -1;

  private TrainingSession session;
  private SamplingModel model;

  @BeforeEach
  void open() {
    session = trained();
    model = (SamplingModel) session.model();
  }

  /** Returns a session with a small trained model; the caller closes it. */
  static TrainingSession trained() {
    LlamaEngine engine = new LlamaEngine(new CpuPlatform(Precision.FP32));
    assumeTrue(engine.unavailable().isEmpty(), () -> engine.unavailable().toString());
    ModelSpec shape =
        ModelSpec.of("writer", 24, 2, 4, 20).withContext(12).withKeyValueHeads(2).withQkNorm(true);
    SessionSpec spec = new SessionSpec(shape, VOCABULARY, 8, Recipe.standard(), 3, 2);
    TrainingSession session = engine.open(spec);
    for (int i = 0; i < 30; i++) {
      session.step(new Random(i % 3).ints(8 * 13, 0, VOCABULARY).toArray(), 2e-2);
    }
    return session;
  }

  @AfterEach
  void close() {
    session.close();
  }

  /** Returns the probability of each token of the vocabulary as the next token of a text. */
  static double[] next(LanguageModel model, int[] text) {
    int[] ids = new int[VOCABULARY * (text.length + 1)];
    for (int v = 0; v < VOCABULARY; v++) {
      System.arraycopy(text, 0, ids, v * (text.length + 1), text.length);
      ids[(v + 1) * (text.length + 1) - 1] = v;
    }
    float[] nats = new float[VOCABULARY * text.length];
    model.losses(ids, VOCABULARY, text.length, nats);
    return IntStream.range(0, VOCABULARY)
        .mapToDouble(v -> Math.exp(-nats[(v + 1) * text.length - 1]))
        .toArray();
  }

  static List<int[]> prompts(int count) {
    Random random = new Random(9);
    return IntStream.range(0, count)
        .mapToObj(i -> random.ints(1 + i % 7, 0, VOCABULARY).toArray())
        .toList();
  }

  /** Passes more prompts than the model generates texts at a time. The prompts differ in length. */
  @Test
  void atTemperatureZeroEachTokenIsTheMostProbable() {
    List<int[]> prompts = prompts(70);
    List<int[]> written = model.sample(prompts, new Sampling(5, 0, 1, 1, NEVER));

    assertThat(written).hasSize(70);
    for (int i = 0; i < prompts.size(); i++) {
      int[] text = prompts.get(i);
      assertThat(written.get(i)).hasSize(5);
      for (int token : written.get(i)) {
        double[] p = next(model, text);
        assertThat(p[token]).isCloseTo(Arrays.stream(p).max().orElseThrow(), within(1e-5));
        text = append(text, token);
      }
    }
  }

  static int[] append(int[] text, int token) {
    int[] longer = Arrays.copyOf(text, text.length + 1);
    longer[text.length] = token;
    return longer;
  }

  @Test
  void tokensAreDrawnAsOftenAsTheyAreProbable() {
    int[] prompt = {5, 11};
    double[] p = next(model, prompt);
    double[] drawn = new double[VOCABULARY];
    for (int[] text :
        model.sample(Collections.nCopies(20_000, prompt), new Sampling(1, 1, 1, 4, NEVER))) {
      drawn[text[0]] += 1.0 / 20_000;
    }

    for (int v = 0; v < VOCABULARY; v++) {
      // The tolerance is five standard deviations.
      assertThat(drawn[v]).isCloseTo(p[v], within(1e-4 + 5 * Math.sqrt(p[v] / 20_000)));
    }
  }

  @Test
  void topPDrawsFromTheSmallestSetWithThatProbability() {
    int[] prompt = {5, 11};
    double[] p = next(model, prompt);
    List<Integer> likeliest = new ArrayList<>(IntStream.range(0, VOCABULARY).boxed().toList());
    likeliest.sort((a, b) -> Double.compare(p[b], p[a]));
    int enough = 0;
    for (double mass = 0; mass < 0.6; enough++) {
      mass += p[likeliest.get(enough)];
    }
    var drawn =
        model.sample(Collections.nCopies(5_000, prompt), new Sampling(1, 1, 0.6, 4, NEVER)).stream()
            .map(text -> text[0])
            .distinct()
            .toList();

    assertThat(enough).as("or nothing is left out").isBetween(2, VOCABULARY - 2);
    assertThat(drawn).containsExactlyInAnyOrderElementsOf(likeliest.subList(0, enough));
  }

  @Test
  void theSeedDecides() {
    List<int[]> prompts = prompts(9);
    List<int[]> one = model.sample(prompts, new Sampling(5, 1, 0.9, 1, NEVER));

    assertThat(model.sample(prompts, new Sampling(5, 1, 0.9, 1, NEVER)))
        .usingRecursiveComparison()
        .isEqualTo(one);
    assertThat(model.sample(prompts, new Sampling(5, 1, 0.9, 2, NEVER)))
        .usingRecursiveComparison()
        .isNotEqualTo(one);
  }

  /**
   * Some prompts are longer than a round processes, there are more texts than slots, and some texts
   * end early.
   */
  @ParameterizedTest
  @EnumSource(Precision.class)
  void aTextDoesNotDependOnOtherTextsOrThreads(Precision precision) {
    LlamaEngine engine = new LlamaEngine(new CpuPlatform(precision));
    assumeTrue(engine.unavailable().isEmpty(), () -> engine.unavailable().toString());
    ModelSpec shape = ModelSpec.of("long", 48, 2, 4, 88).withContext(100).withKeyValueHeads(2);
    Random random = new Random(3);
    List<int[]> prompts =
        IntStream.range(0, 150)
            .mapToObj(i -> random.ints(1 + random.nextInt(90), 0, VOCABULARY).toArray())
            .toList();
    Sampling how = new Sampling(20, 1.1, 0.95, 7, 5);
    List<List<int[]>> all = new ArrayList<>();
    List<int[]> alone = new ArrayList<>();
    for (int threads = 1; threads <= 3; threads++) {
      SessionSpec spec = new SessionSpec(shape, VOCABULARY, 8, Recipe.standard(), 3, threads);
      try (TrainingSession other = engine.open(spec)) {
        SamplingModel writer = (SamplingModel) other.model();
        all.add(writer.sample(prompts, how));
        for (int i = 0; i < 150 && threads == 1; i += 7) {
          alone.addAll(writer.sample(prompts.subList(i, i + 1), how.withSeed(7 + i)));
        }
      }
    }

    assertThat(all.get(0)).anyMatch(text -> text.length < 10).anyMatch(text -> text.length == 20);
    assertThat(all.get(1)).usingRecursiveComparison().isEqualTo(all.get(0));
    assertThat(all.get(2)).usingRecursiveComparison().isEqualTo(all.get(0));
    for (int i = 0; i < alone.size(); i++) {
      assertThat(alone.get(i)).isEqualTo(all.get(0).get(7 * i));
    }
  }

  /** Saves the trained model, opens it again and compares the generated texts. */
  @Test
  void anOpenedModelWritesWhatTheTrainedOneDoes(@TempDir Path directory) {
    List<int[]> prompts = prompts(20);
    Sampling how = new Sampling(5, 1, 0.9, 1, NEVER);
    List<int[]> expected = model.sample(prompts, how);
    session.save(directory);

    try (LanguageModel opened =
        new LlamaEngine(new CpuPlatform(Precision.FP32)).openModel(directory, 1)) {
      assertThat(((SamplingModel) opened).sample(prompts, how))
          .usingRecursiveComparison()
          .isEqualTo(expected);
    }
  }

  /** The model requests texts when it has free slots, on the thread that called {@code write}. */
  @Test
  void textsThatComeLateAreTakenUpWhileOthersAreWritten() {
    List<Integer> lengths = new ArrayList<>();
    Thread self = Thread.currentThread();
    int[] asked = new int[1];
    model.write(
        () -> {
          assertThat(Thread.currentThread()).isSameAs(self);
          // The source has no text at every other request.
          if (asked[0]++ % 2 == 1 || asked[0] > 9) {
            return null;
          }
          return new SamplingModel.Text(
              new int[] {1},
              new Sampling(asked[0], 1, 1, 1, NEVER),
              ids -> lengths.add(ids.length));
        });

    assertThat(lengths).containsExactly(1, 3, 5, 7, 9);
  }

  @Test
  void textEndsAtItsEndOrWhereTheContextIsFull() {
    int[] prompt = {5, 11, 2};
    int[] whole = model.sample(List.of(prompt), new Sampling(100, 0, 1, 1, NEVER)).get(0);
    assertThat(whole).as("12 tokens are looked back on, to predict one more").hasSize(10);

    int end = whole[4];
    int first = IntStream.range(0, 10).filter(i -> whole[i] == end).findFirst().orElseThrow();
    assertThat(model.sample(List.of(prompt), new Sampling(100, 0, 1, 1, end)).get(0))
        .isEqualTo(Arrays.copyOf(whole, first));
  }

  @Test
  void wrongPromptsAndSettingsAreRefused() {
    Sampling how = new Sampling(1, 1, 1, 1, NEVER);
    assertThatThrownBy(() -> model.sample(List.of(new int[0]), how))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> model.sample(List.of(new int[13]), how))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> model.sample(List.of(new int[] {VOCABULARY}), how))
        .isInstanceOf(IllegalArgumentException.class);
    for (Sampling wrong :
        List.of(
            new Sampling(0, 1, 1, 1, NEVER),
            new Sampling(1, -1, 1, 1, NEVER),
            new Sampling(1, 1, 0, 1, NEVER))) {
      assertThatThrownBy(() -> model.sample(List.of(new int[] {1}), wrong))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
