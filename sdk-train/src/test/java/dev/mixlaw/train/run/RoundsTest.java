package dev.mixlaw.train.run;

import static dev.mixlaw.api.rounds.Strategy.ACCUMULATE;
import static dev.mixlaw.api.rounds.Strategy.ACCUMULATE_SUBSAMPLE;
import static dev.mixlaw.api.rounds.Strategy.REPLACE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.StudyEvent;
import dev.mixlaw.api.StudyListener;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.rounds.RoundKey;
import dev.mixlaw.api.rounds.RoundRun;
import dev.mixlaw.api.rounds.Rounds;
import dev.mixlaw.api.rounds.RoundsPlan;
import dev.mixlaw.api.rounds.Strategy;
import dev.mixlaw.api.rounds.Writing;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests rounds of training on generated text: which text each model is trained on, and what is
 * repeated after a kill.
 */
class RoundsTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @TempDir private Path directory;
  private final RoundsLab lab = new RoundsLab();
  private final BigramEngine engine = lab.engine;

  private static Rounds rounds() {
    return RoundsLab.rounds();
  }

  @Test
  void strategiesDifferInWhatARoundIsTrainedOn() {
    List<RoundRun> runs = run(rounds().and(ACCUMULATE_SUBSAMPLE));

    assertThat(runs).hasSize(7).allMatch(r -> r.result().completed());
    assertThat(shares(runs, REPLACE, 2)).containsOnlyKeys("replace-1-seed-0");
    assertThat(shares(runs, ACCUMULATE, 2))
        .containsOnlyKeys("nat", "round-0-seed-0", "accumulate-1-seed-0");
    assertThat(shares(runs, ACCUMULATE_SUBSAMPLE, 2))
        .containsOnlyKeys("nat", "round-0-seed-0", "accumulate-subsample-1-seed-0")
        .allSatisfy((corpus, share) -> assertThat(share).isEqualTo(1.0 / 3));
    assertThat(result(runs, REPLACE, 2).tokens()).isEqualTo(640);
    assertThat(result(runs, ACCUMULATE, 2).tokens()).isEqualTo(3 * 640);
    assertThat(result(runs, ACCUMULATE_SUBSAMPLE, 2).tokens()).isEqualTo(640);
  }

  @Test
  void eachSeedHasItsOwnSequenceOfRounds() {
    List<RoundRun> runs = run(rounds().seeds(2));

    assertThat(runs).hasSize(10);
    assertThat(runs).allMatch(r -> r.key().seed() == r.result().key().seed());
    RunResult second =
        runs.stream()
            .filter(r -> r.key().equals(RoundKey.of(REPLACE, 2, 1)))
            .findFirst()
            .orElseThrow()
            .result();
    assertThat(second.askedShares()).containsOnlyKeys("replace-1-seed-1");
    assertThat(second.measurements()).isNotEqualTo(result(runs, REPLACE, 2).measurements());
  }

  @Test
  void aTextHasACardThatSaysWhereItCameFrom() throws IOException {
    List<RoundRun> runs =
        run(rounds().writing(Writing.fromPrefixes(4).temperature(0.8).tokens("2k")));

    RoundRun run = runs.get(2);
    Path text = run.text().orElseThrow().file();
    JsonNode card = MAPPER.readTree(text.resolveSibling("card.json").toFile());
    assertThat(card.get("generator").asText()).isEqualTo(run.result().identity());
    assertThat(card.get("prompt_tokens").asInt()).isEqualTo(4);
    assertThat(card.get("temperature").asDouble()).isEqualTo(0.8);
    assertThat(card.get("documents").asLong()).isEqualTo(Files.readAllLines(text).size());
    assertThat(card.get("tokens").asLong()).isGreaterThanOrEqualTo(2000);
    assertThat(text.resolveSibling("parts")).doesNotExist();
  }

  @Test
  void finishedWorkIsNotRepeated() {
    List<RoundRun> before = run(rounds());
    long steps = engine.steps.get();
    long written = engine.written.get();

    List<RoundRun> after = run(rounds());

    assertThat(engine.steps.get()).isEqualTo(steps);
    assertThat(engine.written.get()).isEqualTo(written);
    assertThat(after).isEqualTo(before);
  }

  @Test
  void aDamagedTextIsGeneratedAgainWithTheSameContent() throws IOException {
    List<RoundRun> before = run(rounds());
    Path text = before.get(0).text().orElseThrow().file();
    byte[] whole = Files.readAllBytes(text);
    Files.write(text, java.util.Arrays.copyOf(whole, whole.length / 2));
    long steps = engine.steps.get();

    run(rounds());

    assertThat(Files.readAllBytes(text)).isEqualTo(whole);
    assertThat(engine.steps.get()).isEqualTo(steps);
  }

  @Test
  void aStudyKilledAtAnyPointDoesNotRepeatFinishedWork() throws IOException {
    Path whole = directory.resolve("whole");
    List<RoundRun> expected = run(rounds(), whole);
    long steps = engine.steps.get();
    long texts = engine.written.get();
    long moments = killAt(Long.MAX_VALUE, directory.resolve("counted"));
    assertThat(moments).isGreaterThan(2000);

    // Tries every 263rd point. The stride has no common divisor with the number of steps, texts or
    // evaluations of a part.
    for (long moment = 1; moment <= moments; moment += 263) {
      Path killed = directory.resolve("killed-" + moment);
      engine.steps.set(0);
      engine.written.set(0);
      killAt(moment, killed);
      List<RoundRun> after = run(rounds(), killed);

      assertThat(losses(after)).as("killed at moment %d", moment).isEqualTo(losses(expected));
      assertThat(Files.readAllBytes(after.get(4).text().orElseThrow().file()))
          .isEqualTo(Files.readAllBytes(expected.get(4).text().orElseThrow().file()));
      assertThat(engine.steps.get()).isLessThan(steps + 10);
      assertThat(engine.written.get()).isLessThan(texts + 256);
      assertThat(engine.openSessions.get()).isZero();
    }
  }

  @Test
  void aPlanListsRemainingAndFinishedWork() {
    RoundsPlan plan = lab.plan(rounds().seeds(2), directory);
    assertThat(plan.models()).hasSize(10).noneMatch(RoundsPlan.PlannedModel::done);
    assertThat(plan.trainedTokens()).isEqualTo(2 * (640 + 2 * 640 + (2 + 3) * 640));
    assertThat(plan.writtenTokens()).isEqualTo(10 * 6000);
    assertThat(plan.toString()).contains("accumulate", "1.92k", "10 models (0 done)");

    run(rounds().seeds(2));
    assertThat(lab.plan(rounds().seeds(2), directory).models())
        .allMatch(RoundsPlan.PlannedModel::done);
  }

  @Test
  void allProblemsAreReportedAtOnce() {
    Rounds wrong =
        Rounds.of(TestLab.corpus("nat").other("someone"))
            .named("no name")
            .rounds(0)
            .writing(Writing.fromPrefixes(-1).temperature(0).topP(2).maxTokens(0));

    assertThatThrownBy(() -> run(wrong))
        .isInstanceOfSatisfying(
            MixlawException.class,
            e ->
                assertThat(e.problems())
                    .extracting(p -> p.fix())
                    .contains(
                        "call Rounds.model",
                        "call Rounds.tokens",
                        "change Rounds.rounds",
                        "call Rounds.strategy",
                        "change Study.evaluateOn",
                        "call Corpus.natural or use another corpus",
                        "change Writing.temperature",
                        "change Writing.topP",
                        "change Writing.fromPrefixes",
                        "change Writing.maxTokens"));
  }

  @Test
  void promptsLongerThanAllDocumentsAreRefusedBeforeTraining() {
    Rounds wrong =
        rounds()
            .model(ModelSpec.of("tiny", 8, 1, 1, 16).withContext(64))
            .writing(Writing.fromPrefixes(50));

    assertThatThrownBy(() -> run(wrong))
        .isInstanceOf(MixlawException.class)
        .hasMessageContaining("no document has more than 50 tokens");
    assertThat(engine.steps.get()).isZero();
  }

  @Test
  void anEngineThatCannotWriteIsRefusedBeforeTrainingWithThoseThatCan() {
    engine.writes = false;

    assertThatThrownBy(() -> run(rounds()))
        .isInstanceOf(MixlawException.class)
        .hasMessageContaining("engine bigram: its models cannot generate text")
        .hasMessageContaining("native")
        .hasMessageContaining("Lab.Builder.engine");
    assertThat(engine.steps.get()).isZero();
    assertThatThrownBy(() -> lab.plan(rounds(), directory)).isInstanceOf(MixlawException.class);
  }

  @Test
  void inChildJvmsModelsAreTrainedAndWriteTheSame() {
    List<RoundRun> expected = run(rounds(), directory.resolve("here"));
    long steps = engine.steps.get();
    long texts = engine.written.get();
    lab.inChildJvms = true;

    List<RoundRun> apart = run(rounds(), directory.resolve("apart"));

    assertThat(losses(apart)).isEqualTo(losses(expected));
    for (int i = 0; i < expected.size(); i++) {
      assertThat(apart.get(i).text().orElseThrow().file())
          .hasSameTextualContentAs(expected.get(i).text().orElseThrow().file());
    }
    assertThat(engine.steps.get()).isEqualTo(steps);
    assertThat(engine.written.get()).isEqualTo(texts);
  }

  @Test
  void aChildThatDiesDuringGenerationIsReplacedByAnotherChild() throws IOException {
    List<RoundRun> expected = run(rounds(), directory.resolve("here"));
    Path deaths = Files.createDirectory(directory.resolve("deaths"));
    List<String> warned = new ArrayList<>();
    lab.listener =
        event -> {
          if (event instanceof StudyEvent.Warned w) {
            warned.add(w.warning());
          }
        };
    lab.inChildJvms = true;
    lab.trained = new DyingEngine();

    List<RoundRun> after;
    // The process is terminated within the second part of a text.
    try (var dying =
        new DyingEngine.Deaths(DyingEngine.Way.HALT, DyingEngine.Moment.TEXT, 300, 1, deaths)) {
      after = run(rounds(), directory.resolve("apart"));
    }

    assertThat(deaths).isDirectoryContaining("glob:**death-0");
    assertThat(losses(after)).isEqualTo(losses(expected));
    assertThat(after.get(0).text().orElseThrow().file())
        .hasSameTextualContentAs(expected.get(0).text().orElseThrow().file());
    assertThat(warned)
        .singleElement()
        .asString()
        .contains("text of round 0, seed 0 resumes after its last part", "no more beer");
  }

  @Test
  void anotherDescriptionKeepsTheModelsOfRound0AndWritesOtherTexts() {
    List<RoundRun> before = run(rounds());
    long steps = engine.steps.get();

    List<RoundRun> after =
        run(rounds().writing(Writing.unconditional().temperature(0.5).tokens("6k")));

    assertThat(after.get(0).result()).isEqualTo(before.get(0).result());
    assertThat(after.get(0).text()).isNotEqualTo(before.get(0).text());
    assertThat(engine.steps.get() - steps).as("round 0 is not trained again").isEqualTo(steps - 10);
  }

  @Test
  void aChainEndsWithAModelThatDiverges() {
    engine.hook =
        new BigramEngine.Hook() {
          private final AtomicLong models = new AtomicLong();

          @Override
          public double loss(dev.mixlaw.api.spi.SessionSpec spec, long step, double loss) {
            // The model with the most steps in a round is trained first, so the third model is the
            // first of strategy REPLACE.
            return step == 0 && models.incrementAndGet() == 3 ? Double.NaN : loss;
          }
        };

    List<RoundRun> runs = run(rounds());

    assertThat(runs).hasSize(4);
    assertThat(runs.stream().filter(r -> r.text().isEmpty()).map(RoundRun::key))
        .containsExactly(RoundKey.of(REPLACE, 1, 0));
  }

  @Test
  void workersTrainSubmittedRoundsToTheSameResults() {
    Rounds rounds = rounds().seeds(2);
    List<RoundRun> expected = run(rounds, directory.resolve("here"));
    Path apart = directory.resolve("apart");
    for (int round = 0; round <= 2; round++) {
      engine.steps.set(0);
      assertThat(lab.submit(rounds, apart)).isTrue();
      assertThat(engine.steps).hasValue(0);
      lab.work(apart);
      assertThat(engine.steps).hasPositiveValue();
    }
    engine.steps.set(0);

    assertThat(lab.submit(rounds, apart)).as("models to train").isFalse();
    List<RoundRun> after = run(rounds, apart);

    assertThat(engine.steps).hasValue(0);
    assertThat(losses(after)).isEqualTo(losses(expected));
    assertThat(after.get(9).text().orElseThrow().file())
        .hasSameTextualContentAs(expected.get(9).text().orElseThrow().file());
    LabInventory inventory = LabInventory.open(apart);
    assertThat(inventory.studies())
        .containsExactly("small-round-0", "small-round-1", "small-round-2");
    assertThat(inventory.verify()).isEmpty();
    assertThat(inventory.prune(true)).isEmpty();
  }

  /**
   * Kills the rounds at the chosen point, and returns how many points were reached. The points are
   * steps, texts and evaluations.
   */
  private long killAt(long chosen, Path where) {
    AtomicLong moments = new AtomicLong();
    Runnable moment =
        () -> {
          if (moments.incrementAndGet() == chosen) {
            throw new KillPoints.Killed("moment " + chosen);
          }
        };
    engine.hook =
        new BigramEngine.Hook() {
          @Override
          public void step(dev.mixlaw.api.spi.SessionSpec spec, long step) {
            moment.run();
          }

          @Override
          public void write() {
            moment.run();
          }
        };
    lab.listener =
        event -> {
          if (event instanceof StudyEvent.Preparing || event instanceof StudyEvent.Finished) {
            moment.run();
          }
        };
    lab.measuring = moment;
    try {
      run(rounds(), where);
    } catch (KillPoints.Killed asked) {
      // The next start continues from the files that are left.
    } finally {
      engine.hook = new BigramEngine.Hook() {};
      lab.listener = StudyListener.none();
      lab.measuring = () -> {};
    }
    return moments.get();
  }

  private List<RoundRun> run(Rounds rounds) {
    return run(rounds, directory);
  }

  private List<RoundRun> run(Rounds rounds, Path where) {
    return lab.run(rounds, where);
  }

  private static RunResult result(List<RoundRun> runs, Strategy strategy, int round) {
    return runs.stream()
        .filter(r -> r.key().equals(RoundKey.of(strategy, round, 0)))
        .findFirst()
        .orElseThrow()
        .result();
  }

  private static Map<String, Double> shares(List<RoundRun> runs, Strategy strategy, int round) {
    return result(runs, strategy, round).askedShares();
  }

  private static List<Object> losses(List<RoundRun> runs) {
    List<Object> all = new ArrayList<>();
    runs.forEach(r -> all.add(r.key()));
    runs.forEach(r -> all.add(r.result().measurements()));
    return all;
  }
}
