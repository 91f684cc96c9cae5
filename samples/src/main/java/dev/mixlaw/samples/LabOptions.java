package dev.mixlaw.samples;

import dev.mixlaw.api.Lab;
import dev.mixlaw.api.Plan;
import dev.mixlaw.api.Study;
import dev.mixlaw.api.results.Findings;
import dev.mixlaw.train.engine.Engines;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

class LabOptions {
  @Option(
      names = "--lab",
      description =
          "directory of the lab; the same command resumes a stopped study (default: ${DEFAULT-VALUE})")
  Path directory = Path.of("lab");

  @Option(
      names = "--engine",
      description = "name of the engine, or auto (default: ${DEFAULT-VALUE})")
  private String engine = "auto";

  @Option(names = "--threads", description = "threads (default: all processors)")
  int threads = Runtime.getRuntime().availableProcessors();

  /** The option of sample programs that can submit their study to workers instead of running it. */
  static final class Submitting extends LabOptions {
    @Option(
        names = "--submit",
        description =
            "leave the training to the sample Worker; when it has ended, the same command writes the report")
    private boolean submit;

    /** Plans and runs a study. Returns empty if the study is submitted instead. */
    Optional<Findings> run(Lab lab, Study study, ProgressLine progress) {
      Plan plan = lab.plan(study, progress);
      progress.close();
      System.out.println(plan);
      if (!submit || plan.runs().stream().allMatch(Plan.PlannedRun::done)) {
        return Optional.of(lab.run(study, progress));
      }
      lab.submit(study, progress);
      progress.close();
      System.out.println("submitted; train it with: Worker --lab " + directory);
      return Optional.empty();
    }
  }

  void check(OptionProblems problems) {
    problems.require(threads >= 1, "--threads", threads, "at least 1");
  }

  Lab.Builder builder() {
    Lab.Builder builder = Lab.in(directory).threads(threads);
    return engine.equals("auto") ? builder : builder.engine(Engines.byName(engine));
  }
}
