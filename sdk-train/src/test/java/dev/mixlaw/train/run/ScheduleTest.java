package dev.mixlaw.train.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mixlaw.api.Schedule;
import dev.mixlaw.api.Study;
import dev.mixlaw.api.results.RunResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The learning rates that steps were really taken with, as {@code metrics.jsonl} has them. */
class ScheduleTest {
  private static final Offset<Double> EXACTLY = Offset.offset(1e-12);

  @TempDir Path directory;

  @Test
  void branchesDecayLinearlyFromWhereTheyLeaveTheTrunk() throws IOException {
    TestLab lab = new TestLab(directory);
    lab.study = lab.study.recipe(lab.study.recipe().with(Schedule.warmupStableDecay(0.4, 0.4)));

    List<RunResult> results = lab.run();

    // Peak 2; warm-up over 4 of the smallest budget's 10 steps; branches leave at 6, 12, 24.
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
  void branchesSeeTheTextTheTrunkWouldHaveSeen() throws IOException {
    TestLab lab = new TestLab(directory);

    List<RunResult> results = lab.run();

    // The second run leaves at 16 with the peak rate, so its losses are the trunk's up to 17.
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

    // 4 sequences a step: trunk to step 8, branch to 10, trunk to 16, branch to 20.
    assertThat(lab.data.reads)
        .containsExactlyElementsOf(
            Stream.of(LongStream.range(0, 40), LongStream.range(32, 80))
                .flatMap(LongStream::boxed)
                .toList());
  }

  @Test
  void aCosineEndsAtItsFloorForEachBudget() throws IOException {
    TestLab lab = new TestLab(directory);
    lab.study = lab.study.recipe(lab.study.recipe().with(Schedule.cosine(0.2, 0.1)));

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
