package dev.mixlaw.samples;

import dev.mixlaw.api.MixlawException;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** Runs a sample's command: a mistake of the user's is told without a stack trace. */
final class Samples {
  private Samples() {}

  static int run(Callable<Integer> sample, String... args) {
    return new CommandLine(sample)
        .setExecutionExceptionHandler(
            (exception, commandLine, parsed) -> {
              if (exception instanceof MixlawException mistake) {
                System.err.println(mistake.getMessage());
                return 1;
              }
              throw exception;
            })
        .execute(args);
  }
}
