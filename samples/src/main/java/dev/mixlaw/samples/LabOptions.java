package dev.mixlaw.samples;

import dev.mixlaw.api.Lab;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where a sample works, and with what. */
class LabOptions {
  @Option(
      names = "--lab",
      description = "where everything is kept; run again to go on (default: ${DEFAULT-VALUE})")
  Path directory = Path.of("lab");

  @Option(
      names = "--engine",
      description = "auto, or the name of an engine (default: ${DEFAULT-VALUE})")
  private String engine = "auto";

  @Option(names = "--threads", description = "all processors by default")
  int threads = Runtime.getRuntime().availableProcessors();

  void check(Mistakes mistakes) {
    mistakes.require(threads >= 1, "--threads", threads, "at least 1");
  }

  Lab.Builder builder() {
    return Lab.in(directory).engine(engine).threads(threads);
  }
}
