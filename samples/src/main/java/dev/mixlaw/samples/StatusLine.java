package dev.mixlaw.samples;

import dev.mixlaw.api.internal.Texts;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * The progress of a sample on the standard error stream. A terminal shows one line, which is
 * overwritten. A file or a pipe gets a line when a stage first begins or ends, and otherwise at
 * most one every 30 seconds.
 */
final class StatusLine implements AutoCloseable {
  private static final int WIDTH = 79;
  private static final long SECOND = 1_000_000_000L;
  private static final boolean TERMINAL = isTerminal();

  private final boolean terminal;
  private final LongSupplier clock;
  private final long start;
  private final Set<String> stages = new HashSet<>();
  private String text = "";
  private boolean shown = true;
  private long shownAt;
  private int width;
  private long total;
  private long first;
  private long firstAt;

  StatusLine() {
    this(TERMINAL, System::nanoTime);
  }

  /**
   * Creates a status line.
   *
   * @param terminal whether lines are overwritten
   * @param clock time in nanoseconds
   */
  StatusLine(boolean terminal, LongSupplier clock) {
    this.terminal = terminal;
    this.clock = clock;
    this.start = clock.getAsLong();
  }

  /**
   * Updates the progress.
   *
   * @param total the value of {@code done} at the end; 0 if it is not known
   */
  synchronized void show(String stage, long done, long total, String detail) {
    long now = clock.getAsLong();
    if (total != this.total || done < first) {
      this.total = total;
      first = done;
      firstAt = now;
    }
    boolean begins = stages.add(stage);
    if (begins && !terminal) {
      print();
    }
    text = time(now - start) + "  " + stage + progress(done, now) + "  " + detail;
    shown = false;
    if (begins || now - shownAt >= (terminal ? SECOND / 5 : 30 * SECOND)) {
      shownAt = now;
      print();
    }
  }

  private String progress(long done, long now) {
    if (total <= 0) {
      return "";
    }
    String percent = Texts.format("  %d %%", 100 * done / total);
    return done <= first || done >= total
        ? percent
        : percent
            + "  "
            + time(Math.round((double) (now - firstAt) / (done - first) * (total - done)))
            + " left";
  }

  private static String time(long nanoseconds) {
    long seconds = nanoseconds / SECOND;
    return seconds < 3600
        ? Texts.format("%d:%02d", seconds / 60, seconds % 60)
        : Texts.format("%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
  }

  private void print() {
    if (shown) {
      return;
    }
    shown = true;
    if (terminal) {
      String line = text.substring(0, Math.min(WIDTH, text.length()));
      System.err.write('\r');
      System.err.print(line + " ".repeat(Math.max(0, width - line.length())));
      System.err.flush();
      width = line.length();
    } else {
      System.err.println(text.stripTrailing());
    }
  }

  /** Shows the last progress and ends the line, so that other text can follow. */
  @Override
  public synchronized void close() {
    print();
    if (width > 0) {
      System.err.println();
      width = 0;
    }
  }

  private static boolean isTerminal() {
    if ("dumb".equals(System.getenv("TERM"))) {
      return false;
    }
    try {
      return new ProcessBuilder("test", "-t", "2").inheritIO().start().waitFor() == 0;
    } catch (IOException e) {
      return false; // not a POSIX system
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
