package dev.mixlaw.samples;

import dev.mixlaw.api.internal.io.DurableFile;
import dev.mixlaw.train.run.LabInventory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** Lists, checks and cleans the directory of a lab. */
@Command(
    name = "LabTool",
    mixinStandardHelpOptions = true,
    scope = ScopeType.INHERIT,
    sortOptions = false,
    description = "Lists, checks and cleans the contents of a lab. Nothing is trained.")
final class LabTool implements Callable<Integer> {
  @Option(names = "--lab", description = "the lab's directory (default: ${DEFAULT-VALUE})")
  private Path lab = Path.of("lab");

  @Spec private CommandSpec spec = CommandSpec.create();

  public static void main(String[] args) {
    System.exit(Samples.run(new LabTool(), args));
  }

  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(), "missing command; expected one of " + spec.subcommands().keySet());
  }

  @Command(description = "Lists the studies and the jobs of all workers, or the runs of a study.")
  int list(@Parameters(arity = "0..1", paramLabel = "STUDY") @Nullable String study) {
    LabInventory inventory = LabInventory.open(lab);
    if (study != null) {
      inventory.runs(study).forEach(System.out::println);
      return 0;
    }
    for (String name : inventory.studies()) {
      System.out.println(name + ": " + states(inventory.states(name)));
    }
    List<String> claimed = inventory.claimedJobs();
    System.out.println(claimed.isEmpty() ? "no jobs in progress" : "jobs in progress:");
    claimed.forEach(job -> System.out.println("  " + job));
    return 0;
  }

  private static String states(Map<String, Integer> states) {
    int runs = states.values().stream().mapToInt(Integer::intValue).sum();
    StringBuilder text = new StringBuilder(runs + " runs");
    states.forEach((state, number) -> text.append(", ").append(number).append(' ').append(state));
    return text.toString();
  }

  @Command(description = "Shows a run: outcome, measurements, and the stack trace of a failure.")
  int show(
      @Parameters(paramLabel = "RUN", description = "beginning of the run's identity") String run) {
    LabInventory inventory = LabInventory.open(lab);
    System.out.print(inventory.show(run));
    return 0;
  }

  @Command(
      description =
          "Marks failed and diverged runs to be trained again at the next start of the study.")
  int retry(@Parameters(paramLabel = "STUDY") String study) {
    LabInventory inventory = LabInventory.open(lab);
    System.out.println(inventory.retry(study) + " runs will be trained again");
    return 0;
  }

  @Command(
      description =
          "Deletes runs, measurements and tokenizers that no study refers to, and temporary files of killed processes.")
  int prune(
      @Option(names = "--dry-run", description = "only lists what would be deleted")
          boolean dryRun) {
    LabInventory inventory = LabInventory.open(lab);
    List<String> names = inventory.prune(dryRun);
    names.forEach(System.out::println);
    System.out.println(names.size() + (dryRun ? " would be deleted" : " deleted"));
    return 0;
  }

  @Command(description = "Compares every file of the lab with its checksum.")
  int verify() {
    LabInventory inventory = LabInventory.open(lab);
    List<String> damaged = inventory.verify();
    damaged.forEach(System.out::println);
    System.out.println(damaged.isEmpty() ? "all files are intact" : damaged.size() + " problems");
    return damaged.isEmpty() ? 0 : 1;
  }

  @Command(description = "Writes all measurements of a study as CSV.")
  int export(
      @Parameters(paramLabel = "STUDY") String study,
      @Parameters(paramLabel = "FILE.csv") Path file) {
    LabInventory inventory = LabInventory.open(lab);
    DurableFile.write(file, inventory.export(study).getBytes(StandardCharsets.UTF_8));
    return 0;
  }

  @Command(description = "Lists the differences between two studies: settings, runs and losses.")
  int diff(
      @Parameters(paramLabel = "STUDY") String one,
      @Parameters(paramLabel = "STUDY") String other) {
    LabInventory inventory = LabInventory.open(lab);
    inventory.diff(one, other).forEach(System.out::println);
    return 0;
  }
}
