package dev.mixlaw.train.run;

import java.io.IOException;
import java.nio.file.Path;

/** A program that runs a study up to a moment, says so, and waits there to be killed. */
final class KilledChild {
  static final String READY = "ready to be killed ";

  private KilledChild() {}

  /**
   * Runs a study up to a moment and waits there to be killed.
   *
   * @param args directory, number of the moment, threads
   */
  public static void main(String[] args) {
    TestLab lab = new TestLab(Path.of(args[0]));
    lab.threads = Integer.parseInt(args[2]);
    new KillPoints(
            Long.parseLong(args[1]),
            moment -> {
              System.out.println(READY + moment);
              System.out.flush();
              try {
                int ignored = System.in.read(); // never answered
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            })
        .in(lab);
    lab.run();
    System.out.println("ended");
  }
}
