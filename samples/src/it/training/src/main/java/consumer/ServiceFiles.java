package consumer;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.train.engine.Engines;

/** Runs in a shaded jar. The argument tells whether the jar has merged the service files. */
public final class ServiceFiles {
  private ServiceFiles() {}

  public static void main(String[] args) {
    boolean merged = Boolean.parseBoolean(args[0]);
    try {
      System.out.println(Engines.dl4j().name() + " and " + Engines.nativeCpu().name() + " were found");
      if (!merged) {
        throw new IllegalStateException("the service file of mixlaw-dl4j was merged");
      }
    } catch (MixlawException e) {
      if (merged || !e.getMessage().contains("must merge META-INF/services")) {
        throw e;
      }
      System.out.println(e.getMessage());
    }
  }
}
