package dev.mixlaw.samples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class StatusLineTest {
  private static final long SECOND = 1_000_000_000L;

  private long now;

  @Test
  void aFileGetsALineWhenAStageFirstBeginsOrEndsAndOneEvery30Seconds() {
    String written =
        written(
            false,
            line -> {
              for (int domain = 0; domain < 50; domain++) {
                line.show("preparing", 0, 0, "text of domain " + domain);
                line.show("preparing", 90, 0, "text of domain " + domain);
              }
              for (int step = 1; step <= 40; step++) {
                now += SECOND;
                line.show("training", step, 40, "loss 5");
                line.show("preparing", 1, 2, "text of the next study");
                line.show("training", step, 40, "loss 5");
              }
            });
    assertThat(written)
        .doesNotContain("\r")
        .doesNotContain("?")
        .isEqualTo(
            """
            0:00  preparing  text of domain 0
            0:00  preparing  text of domain 49
            0:01  training  2 %  loss 5
            0:31  training  77 %  0:09 left  loss 5
            0:40  training  100 %  loss 5
            """);
  }

  @Test
  void theRemainingTimeFollowsFromTheProgressOfThisProcess() {
    String written =
        written(
            false,
            line -> {
              line.show("training", 500, 1000, "resumed");
              now += 30 * SECOND;
              line.show("training", 600, 1000, "");
              now += 7200 * SECOND;
              line.show("training", 600, 1000, "");
            });
    assertThat(written)
        .isEqualTo(
            """
            0:00  training  50 %  resumed
            0:30  training  60 %  2:00 left
            2:00:30  training  60 %  8:02:00 left
            """);
  }

  @Test
  void aTerminalShowsOneLineOfAtMost79Columns() {
    String written =
        written(
            true,
            line -> {
              line.show("training", 0, 10, "x".repeat(100));
              line.show("training", 1, 10, "too soon");
              now += SECOND;
              line.show("training", 5, 10, "short");
            });
    assertThat(written)
        .isEqualTo(
            "\r0:00  training  0 %  "
                + "x".repeat(58)
                + "\r0:01  training  50 %  0:01 left  short"
                + " ".repeat(41)
                + "\n");
  }

  private String written(boolean terminal, Consumer<StatusLine> use) {
    PrintStream err = System.err;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    System.setErr(new PrintableStream(new PrintStream(bytes, true, StandardCharsets.UTF_8)));
    try (StatusLine line = new StatusLine(terminal, () -> now)) {
      use.accept(line);
    } finally {
      System.setErr(err);
    }
    return bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n");
  }
}
