package dev.mixlaw.train.run;

import java.io.IOException;
import java.nio.file.Path;

/** A program that runs a study up to a chosen point, prints a line, and waits to be killed. */
final class KilledChild {
  static final String READY = "ready to be killed ";

  private KilledChild() {}

  /**
   * Runs the study.
   *
   * @param args directory of the lab, number of the {@linkplain KillPoints point}, number of
   *     threads
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
