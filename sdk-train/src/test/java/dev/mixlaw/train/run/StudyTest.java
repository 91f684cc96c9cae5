package dev.mixlaw.train.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mixlaw.api.RunResult;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StudyTest {
  @TempDir Path directory;

  @Test
  void trainsAndMeasuresEveryPointOfTheGrid() {
    TestLab lab = new TestLab(directory);

    List<RunResult> results = lab.run();

    assertThat(results).hasSize(6).allMatch(RunResult::completed);
  }
}
