package dev.mixlaw.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the Quickstart in a child process, kills it, and runs it again. */
class QuickstartTest {
  private static final Pattern TRAINED = Pattern.compile("training\\s+(\\d+)%");

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
        .doesNotContainPattern(TRAINED);

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
    for (int percent : new int[] {1, 35, 80}) {
      killWhenTrained(percent, quickstart(corpora, killed, "--questions", questions));
      assertThat(killed.resolve("results.json")).doesNotExist();
    }
    finish(quickstart(corpora, killed, "--questions", questions));

    assertThat(killed.resolve("results.json"))
        .hasSameTextualContentAs(undisturbed.resolve("results.json"));
  }

  @Test
  void aMissingFolderIsReportedWithoutAStackTrace() throws Exception {
    Process child = quickstart(temporary.resolve("no-such-folder"), temporary.resolve("lab"));
    String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

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
    String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(child.waitFor()).as(output).isZero();
    return output;
  }

  /**
   * Reads the output of the child process until its progress has reached a percentage, then kills
   * it.
   */
  private static void killWhenTrained(int percent, Process child) throws Exception {
    StringBuilder output = new StringBuilder();
    try (InputStream in = child.getInputStream()) {
      byte[] buffer = new byte[4096];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        output.append(new String(buffer, 0, n, StandardCharsets.UTF_8));
        Matcher m = TRAINED.matcher(output);
        while (m.find()) {
          if (Integer.parseInt(m.group(1)) >= percent) {
            child.destroyForcibly().waitFor();
            return;
          }
        }
      }
    }
    assertThat(output.toString()).as("ended by itself before %s %%", percent).isEmpty();
  }
}
