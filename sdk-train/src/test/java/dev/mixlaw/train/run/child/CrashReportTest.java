package dev.mixlaw.train.run.child;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CrashReportTest {
  @Test
  void aKillBecauseOfLackOfMemoryIsRecognizedIfTheSystemCountsThem() {
    OptionalLong unknown = OptionalLong.empty();

    assertThat(CrashReport.ending(137, OptionalLong.of(4), OptionalLong.of(5)))
        .isEqualTo(
            "killed by signal 9; the system has killed 1 process(es) for lack of memory since it started");
    assertThat(CrashReport.ending(137, OptionalLong.of(4), OptionalLong.of(4)))
        .isEqualTo("killed by signal 9, by a user or by the system for lack of memory");
    assertThat(CrashReport.ending(137, unknown, unknown)).contains("by a user or by the system");
    assertThat(CrashReport.ending(134, OptionalLong.of(4), OptionalLong.of(5)))
        .isEqualTo("killed by signal 6");
    assertThat(CrashReport.ending(3, unknown, unknown)).isEqualTo("exit value 3");
  }

  @Test
  void aCrashReportIsPreferredToTheLastLinesOfOutput(@TempDir Path directory) throws IOException {
    Path report = directory.resolve("report");
    Path printed = directory.resolve("printed");
    assertThat(CrashReport.of(report, printed)).isEmpty();

    Files.write(printed, Collections.nCopies(30, "chatter"));
    Files.writeString(
        printed, Files.readString(printed) + "terminate called: no memory\n\nAborted\n");
    assertThat(CrashReport.of(report, printed))
        .startsWith("; crash report:\nchatter\n")
        .endsWith("\nterminate called: no memory\nAborted")
        .satisfies(said -> assertThat(said.lines()).hasSize(13));

    Files.writeString(report, "#\n# SIGSEGV at libdnnl.so\n#\nand so on\n");
    assertThat(CrashReport.of(report, printed))
        .isEqualTo("; crash report:\n# SIGSEGV at libdnnl.so");
  }
}
