package dev.mixlaw.samples;

import dev.mixlaw.api.Lab;
import dev.mixlaw.train.run.LabInventory;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Trains runs of the studies in a lab, together with workers in other processes and on other
 * machines.
 */
@Command(
    name = "Worker",
    mixinStandardHelpOptions = true,
    description =
        "Trains and measures runs of all studies that were submitted or started in a lab, until no run is left. Any number of workers on any number of machines can share a lab.")
final class Worker implements Callable<Integer> {
  @Mixin private final LabOptions options = new LabOptions();

  @Option(
      names = "--lease",
      description =
          "seconds without a heartbeat after which the job of another worker is taken over; the same for all workers of a lab (default: ${DEFAULT-VALUE})")
  private int lease = 60;

  @Override
  public Integer call() {
    OptionProblems problems = new OptionProblems();
    options.check(problems);
    problems.require(lease >= 1, "--lease", lease, "at least 1");
    problems.throwIfAny();
    try (Lab lab = options.builder().lease(Duration.ofSeconds(lease)).open();
        ProgressLine progress = new ProgressLine()) {
      LabInventory.open(options.directory); // throws if no study was submitted
      lab.work(progress);
    }
    System.out.println("no run is left to train or measure in the lab " + options.directory);
    return 0;
  }

  public static void main(String[] args) {
    System.exit(Samples.run(new Worker(), args));
  }
}
