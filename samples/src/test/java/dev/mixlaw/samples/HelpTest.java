package dev.mixlaw.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HelpTest {
  private static List<Callable<Integer>> samples() {
    return List.of(
        new AnalyzeRuns(),
        new BestMixture(),
        new CollapseStudy(),
        new CompareCorpora(),
        new EngineBenchmark(),
        new FitLaw(),
        new FitMixture(),
        new GenerateCorpus(),
        new LabTool(),
        new Quickstart(),
        new ReferenceStudy(),
        new RegressionGate(),
        new StudyService(),
        new SweepLearningRate(),
        new TrainTokens(),
        new Worker());
  }

  @ParameterizedTest
  @MethodSource("samples")
  void everySampleHasHelpAndAVersion(Callable<Integer> sample) {
    Ran help = Ran.of(sample, "--help");
    assertThat(help.code()).isZero();
    assertThat(help.err()).isEmpty();
    assertThat(help.out()).startsWith("Usage: ").doesNotContain("${", "%n", "%%");

    assertThat(Ran.of(sample, "--version").out()).startsWith("Mixlaw ");
  }

  @Test
  void aMistakeInTheOptionsIsNotHiddenByTheUsage() {
    Ran ran = Ran.of(new FitLaw(), "--csv", "runs.csv");
    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.err())
        .containsSubsequence("Missing required option: '--form=<id>'", "FitLaw --help");
    assertThat(ran.err().lines()).hasSize(2);
  }

  @Test
  void aCommandOfTheLabToolHasHelp() {
    Ran help = Ran.of(new LabTool(), "list", "--help");
    assertThat(help.code()).isZero();
    assertThat(help.out()).startsWith("Usage: LabTool list");
  }

  @Test
  void aWorkerSaysThatThereIsNoLab(@TempDir Path directory) {
    Path none = directory.resolve("none");
    Ran ran = Ran.of(new Worker(), "--lab", none.toString());
    assertThat(ran.code()).isOne();
    assertThat(ran.err()).contains(none + ": no studies and no runs");
    assertThat(none).doesNotExist();
  }

  @Test
  void aMissingFileIsReportedWithoutAStackTrace(@TempDir Path directory) {
    Path none = directory.resolve("none.bin");
    Ran ran = Ran.of(new TrainTokens(), "--vocab", "100", none.toString());
    assertThat(ran.code()).isOne();
    assertThat(ran.err()).isEqualToIgnoringNewLines(none + ": it does not exist");
  }

  @Test
  void messagesNameOptionsWithTheirValues() {
    assertThat(Samples.byOptions("set Rounds.seeds(3) or Study.budget"))
        .isEqualTo("set --seeds 3 or --budget");
  }
}
