package dev.mixlaw.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CollapseStudyTest {
  @TempDir Path temporary;

  @Test
  void theSmallestStudyRunsAllRoundsAndWritesItsReport() throws Exception {
    Path corpora = TinyCorpora.write(temporary.resolve("texts"));
    Path lab = temporary.resolve("lab");

    Ran ran =
        Ran.writing(
            temporary.resolve("out.json"),
            new CollapseStudy(),
            "--smallest",
            "--threads",
            "2",
            "--corpora",
            corpora.toString(),
            "--lab",
            lab.toString());

    assertThat(ran.code()).as(ran.err()).isZero();
    assertThat(ran.out()).contains("replace: ", "accumulate: ");
    assertThat(ran.json().get("models")).hasSize(5);
    assertThat(ran.json().get("strategies").get(1).get("rounds")).hasSize(3);
    assertThat(lab.resolve("collapse-smallest").resolve("report.html")).isNotEmptyFile();
  }

  @Test
  void submittedRoundsAreTrainedByWorkers() throws Exception {
    Path corpora = TinyCorpora.write(temporary.resolve("texts"));
    Path lab = temporary.resolve("lab");
    String[] submitting = {
      "--smallest", "--submit", "--corpora", corpora.toString(), "--lab", lab.toString()
    };

    for (int round = 0; round <= 2; round++) {
      Ran submitted = Ran.of(new CollapseStudy(), submitting);
      assertThat(submitted.code()).as(submitted.err()).isZero();
      assertThat(submitted.out()).contains("Worker --lab " + lab);
      Ran worker = Ran.of(new Worker(), "--lab", lab.toString());
      assertThat(worker.code()).as(worker.err()).isZero();
    }
    Ran last = Ran.of(new CollapseStudy(), submitting);

    assertThat(last.code()).as(last.err()).isZero();
    assertThat(last.out()).contains("replace: ", "accumulate: ");
    assertThat(lab.resolve("collapse-smallest").resolve("report.html")).isNotEmptyFile();
  }

  @Test
  void aWrongStrategyIsReportedWithItsOption() {
    Ran ran = Ran.of(new CollapseStudy(), "--strategies", "forget");

    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.err()).contains("--strategies", "forget", "accumulate-subsample");
  }
}
