package dev.mixlaw.train.run.child;

import dev.mixlaw.train.run.child.ChildJvm.Answer;
import dev.mixlaw.train.storage.JsonRecords;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sends reports to the parent. Each call waits for the answer, so that the parent never misses what
 * the child has done. If the parent has ended, this JVM ends.
 */
public final class ChildReporter {
  private static final long HEARTBEAT_MILLIS = 100;

  private final InputStream in;
  private final PrintStream out;
  private @Nullable Consumer<Answer> stop;

  ChildReporter(InputStream in, PrintStream out) {
    this.in = in;
    this.out = out;
    Thread heart = new Thread(this::beat, "mixlaw-heartbeat");
    heart.setDaemon(true);
    heart.start();
  }

  private void beat() {
    try {
      while (true) {
        report(ChildReport.of(ChildReport.Kind.ALIVE, "", 0));
        Thread.sleep(HEARTBEAT_MILLIS);
      }
    } catch (InterruptedException e) {
      // This thread is never interrupted.
    }
  }

  /** Sets the action that is called once, from any thread, when the parent requests a stop. */
  public synchronized void onStop(Consumer<Answer> action) {
    stop = action;
  }

  public synchronized void report(ChildReport report) {
    try {
      out.println(ChildJvm.MARK + new String(JsonRecords.compact(report), StandardCharsets.UTF_8));
      out.flush();
      int answer = in.read();
      if (answer < 0) {
        Runtime.getRuntime().halt(1);
      }
      if (answer != Answer.CONTINUE.ordinal() && stop != null) {
        Consumer<Answer> action = stop;
        stop = null;
        action.accept(Answer.values()[answer]);
      }
    } catch (IOException e) {
      Runtime.getRuntime().halt(1);
    }
  }
}
