package dev.mixlaw.samples;

import dev.mixlaw.api.Lab;
import dev.mixlaw.train.engine.Engines;
import java.nio.file.Path;
import picocli.CommandLine.Option;

class LabOptions {
  @Option(
      names = "--lab",
      description =
          "directory of the lab; the same command resumes a stopped study (default:"
              + " ${DEFAULT-VALUE})")
  Path directory = Path.of("lab");

  @Option(
      names = "--engine",
      description = "name of the engine, or auto (default: ${DEFAULT-VALUE})")
  private String engine = "auto";

  @Option(names = "--threads", description = "threads (default: all processors)")
  int threads = Runtime.getRuntime().availableProcessors();

  void check(OptionProblems problems) {
    problems.require(threads >= 1, "--threads", threads, "at least 1");
  }

  Lab.Builder builder() {
    Lab.Builder builder = Lab.in(directory).threads(threads);
    return engine.equals("auto") ? builder : builder.engine(Engines.byName(engine));
  }
}
