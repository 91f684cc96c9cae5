package dev.mixlaw.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the Quickstart in a child process, kills it, and runs it again. */
class QuickstartTest {

  @TempDir Path temporary;

  @Test
  void aStudyWritesItsReport() throws Exception {
    Path corpora = TinyCorpora.write(temporary.resolve("texts"));
    Path lab = temporary.resolve("lab");
    String questions = questions().toString();

    String submitted = finish(quickstart(corpora, lab, "--questions", questions, "--submit"));
    assertThat(submitted).contains("Worker --lab " + lab).doesNotContain("report.html");
    Ran worker = Ran.of(new Worker(), "--lab", lab.toString(), "--threads", "2");
    assertThat(worker.code()).as(worker.err()).isZero();
    assertThat(finish(quickstart(corpora, lab, "--questions", questions)))
        .contains("report.html")
        .contains("70 runs (70 reused, 0 new)");

    assertThat(lab.resolve("results.json")).content().contains("\"test\" : \"sky\"");
    assertThat(lab.resolve("report.html")).content().contains("Multiple-choice tests");
  }

  @Test
  @Tag("long")
  void aKilledStudyGoesOnAndEndsWithTheSameResults() throws Exception {
    Path corpora = TinyCorpora.write(temporary.resolve("texts"));
    Path undisturbed = temporary.resolve("undisturbed");
    Path killed = temporary.resolve("killed");

    String questions = questions().toString();

    assertThat(finish(quickstart(corpora, undisturbed, "--questions", questions)))
        .contains("report.html");
    for (int runs : new int[] {1, 25, 56}) {
      killAfter(runs, killed, quickstart(corpora, killed, "--questions", questions));
      assertThat(killed.resolve("results.json")).doesNotExist();
    }
    finish(quickstart(corpora, killed, "--questions", questions));

    assertThat(killed.resolve("results.json"))
        .hasSameTextualContentAs(undisturbed.resolve("results.json"));
  }

  @Test
  void aMissingFolderIsReportedWithoutAStackTrace() throws Exception {
    Process child = quickstart(temporary.resolve("no-such-folder"), temporary.resolve("lab"));
    String output = output(child.getInputStream());

    assertThat(child.waitFor()).isNotZero();
    assertThat(output).contains("no-such-folder").doesNotContain("\tat ");
  }

  @Test
  void aWrongOptionIsReportedWithoutAStackTrace() {
    Ran ran = Ran.of(new Quickstart(), "--threads", "0", "--seeds", "0");

    assertThat(ran.code()).isEqualTo(2);
    assertThat(ran.err()).contains("--threads: 0", "--seeds: 0").doesNotContain("\tat ");
  }

  private Path questions() throws IOException {
    return Files.writeString(
        temporary.resolve("sky.jsonl"),
        "{\"question\": \"The sky is\", \"choices\": [\"blue\", \"a horse\"], \"answer\": 0}\n"
            + "{\"question\": \"Snow is\", \"choices\": [\"hot\", \"white\"], \"answer\": 1}\n");
  }

  private Process quickstart(Path corpora, Path lab, String... more) throws IOException {
    List<String> command = new ArrayList<>();
    command.addAll(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx1g",
            "-cp",
            System.getProperty("java.class.path"),
            Quickstart.class.getName(),
            "--smallest",
            "--threads",
            "2",
            "--corpora",
            corpora.toString(),
            "--lab",
            lab.toString()));
    command.addAll(List.of(more));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  private static String finish(Process child) throws Exception {
    String output = output(child.getInputStream());
    assertThat(child.waitFor()).as(output).isZero();
    return output;
  }

  /** Waits until a number of runs have ended in the lab, then kills the child process. */
  private static void killAfter(int runs, Path lab, Process child) throws Exception {
    CompletableFuture<String> output =
        CompletableFuture.supplyAsync(() -> output(child.getInputStream()));
    while (endedRuns(lab) < runs) {
      assertThat(child.waitFor(5, TimeUnit.MILLISECONDS))
          .as(() -> "has ended before " + runs + " runs: " + output.join())
          .isFalse();
    }
    child.destroyForcibly().waitFor();
  }

  private static long endedRuns(Path lab) throws IOException {
    Path runs = lab.resolve("runs");
    if (!Files.exists(runs)) {
      return 0;
    }
    try (Stream<Path> all = Files.list(runs)) {
      return all.filter(run -> Files.exists(run.resolve("run.json"))).count();
    }
  }

  private static String output(InputStream in) {
    try {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      return ""; // the stream of a killed process may end in the middle of a read
    }
  }
}
