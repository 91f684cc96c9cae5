package dev.mixlaw.train.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.Schedule;
import dev.mixlaw.api.Study;
import dev.mixlaw.api.results.RunResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests the learning rates of the steps, as {@code metrics.jsonl} records them. */
class ScheduleTest {
  private static final Offset<Double> EXACTLY = Offset.offset(1e-12);

  @TempDir Path directory;

  @Test
  void branchesDecayLinearlyFromWhereTheyLeaveTheTrunk() throws IOException {
    TestLab lab = new TestLab(directory);
    lab.study = lab.study.recipe(lab.study.recipe().with(Schedule.warmupStableDecay(4, 0.4)));

    List<RunResult> results = lab.run();

    // The peak rate is 2, the warm-up has 4 steps, and branches begin at steps 6, 12 and 24.
    assertThat(rates(lab, results.get(0)))
        .containsExactly(0.5, 1.0, 1.5, 2.0, 2.0, 2.0, 2.0, 1.5, 1.0, 0.5);
    List<Double> second = rates(lab, results.get(1));
    assertThat(second).hasSize(20);
    assertThat(second.subList(0, 4)).isEqualTo(rates(lab, results.get(0)).subList(0, 4));
    assertThat(second.subList(4, 13)).containsOnly(2.0);
    assertThat(second.get(13)).isCloseTo(2 * 7 / 8.0, EXACTLY);
    assertThat(second.get(19)).isCloseTo(2 / 8.0, EXACTLY);
  }

  @Test
  void aRunDoesNotDependOnTheOtherBudgetsOfItsStudy() {
    TestLab whole = new TestLab(directory.resolve("whole"));
    Recipe growing = // 16 sequences a step, and 32 from 362,976 tokens on
        new Recipe(
            Schedule.warmupStableDecay(4, 0.2),
            OptionalDouble.of(2),
            1,
            Optional.empty(),
            0.1,
            0.9,
            0.98,
            1e-8,
            1);
    Study study =
        Study.named("grows")
            .mixtures(whole.study.mixtures().get(1))
            .models(whole.study.models())
            .recipe(growing)
            .maxRepeats(1000);
    whole.study = study.budgets("2560", "100k", "500k");
    TestLab alone = new TestLab(directory.resolve("alone"));
    alone.study = study.budgets("100k");
    TestLab longer = new TestLab(directory.resolve("longer"));
    longer.study = study.budgets("500k");

    List<RunResult> results = whole.run();

    assertThat(results.get(2).batchSequences()).as("or nothing grows").isEqualTo(32);
    assertThat(TestLab.timeless(alone.run())).isEqualTo(TestLab.timeless(List.of(results.get(1))));
    assertThat(TestLab.timeless(longer.run())).isEqualTo(TestLab.timeless(List.of(results.get(2))));
  }

  @Test
  void theBatchesOfARunAreThoseOfEveryLongerRun() {
    Recipe standard = Recipe.standard();
    ModelSpec model = ModelSpec.ladder("100k").get(0).withContext(128);
    Batches all = Batches.upTo(20_000_000_000L, standard, model);
    for (long budget : new long[] {256, 362_000, 364_000, 5_000_000}) {
      Batches few = Batches.upTo(budget, standard, model);
      long steps = few.steps(budget / 128.0);
      assertThat(steps).isEqualTo(all.steps(budget / 128.0));
      for (long step = 0; step < steps; step += 1 + steps / 1000) {
        assertThat(few.of(step)).isEqualTo(all.of(step));
        assertThat(few.before(step)).isEqualTo(all.before(step));
      }
    }
    // The batch size doubles for the first time at 125,000·2^(1 / 0.65) = 363,099 tokens. All steps
    // up to there have 256 tokens, so this is within step 1418.
    assertThat(List.of(all.of(1418), all.of(1419))).containsExactly(2, 4);
    assertThat(all.before(1420)).isEqualTo(1419 * 2 + 4);
    // Of the doublings at 125,000·2^(k / 0.65) tokens, those up to k = 11 are below 20e9 tokens.
    assertThat(all.of(all.steps(20e9 / 128))).isEqualTo(2 << 11);
  }

  @Test
  void branchesSeeTheTextTheTrunkWouldHaveSeen() throws IOException {
    TestLab lab = new TestLab(directory);

    List<RunResult> results = lab.run();

    // The branch of the second run begins at step 16 with the peak rate, so its losses equal those
    // of the trunk up to step 17.
    List<Double> branch = losses(lab, results.get(1));
    List<Double> trunk = losses(lab, results.get(2));
    assertThat(branch.subList(0, 18)).isEqualTo(trunk.subList(0, 18));
    assertThat(branch.get(18))
        .isNotEqualTo(trunk.get(18))
        .isCloseTo(trunk.get(18), Offset.offset(1.0));
  }

  @Test
  void aRunReadsEachPositionOnceInOrder() {
    TestLab lab = new TestLab(directory);
    lab.study =
        Study.named("reads")
            .mixtures(lab.study.mixtures().get(0))
            .models(lab.study.models())
            .budgets("640", "1280")
            .recipe(lab.study.recipe());

    lab.run();

    // Steps have 4 sequences. The trunk is trained to step 8, a branch to step 10, the trunk to
    // step 16, and a branch to step 20.
    assertThat(lab.data.reads)
        .containsExactlyElementsOf(
            Stream.of(LongStream.range(0, 40), LongStream.range(32, 80))
                .flatMap(LongStream::boxed)
                .toList());
  }

  @Test
  void aCosineEndsAtItsFloorForEachBudget() throws IOException {
    TestLab lab = new TestLab(directory);
    lab.study = lab.study.recipe(lab.study.recipe().with(Schedule.cosine(2, 0.1)));

    List<RunResult> results = lab.run();

    List<Double> rates = rates(lab, results.get(1));
    assertThat(rates).hasSize(20);
    assertThat(rates.get(0)).isCloseTo(1, EXACTLY);
    assertThat(rates.get(1)).isCloseTo(2, EXACTLY);
    assertThat(rates.get(2)).isCloseTo(2, EXACTLY);
    assertThat(rates.get(11)).isCloseTo(2 * 0.55, EXACTLY); // half way: the mean of 1 and 0.1
    assertThat(rates.get(19)).isBetween(0.2, 0.22);
    assertThat(lab.plan().trainedTokens()).isEqualTo(2 * (10 + 20 + 40) * 64);
  }

  @Test
  void theTrainingLossIsTheMeanOfTheLastTenthOfTheSteps() throws IOException {
    TestLab lab = new TestLab(directory);

    RunResult largest = lab.run().get(2);

    double mean =
        losses(lab, largest).subList(36, 40).stream().mapToDouble(d -> d).average().orElseThrow();
    assertThat(largest.trainingLoss().orElseThrow()).isCloseTo(mean, EXACTLY);
  }

  private static List<Double> rates(TestLab lab, RunResult run) throws IOException {
    return metrics(lab, run, "learning_rate");
  }

  private static List<Double> losses(TestLab lab, RunResult run) throws IOException {
    return metrics(lab, run, "loss");
  }

  private static List<Double> metrics(TestLab lab, RunResult run, String name) throws IOException {
    List<Double> values = new ArrayList<>();
    for (String line :
        Files.readAllLines(lab.runDirectory(run.identity()).resolve("metrics.jsonl"))) {
      JsonNode step = new ObjectMapper().readTree(line);
      values.add(step.get(name).doubleValue());
      assertThat(step.get("step").intValue()).isEqualTo(values.size());
    }
    return values;
  }
}
