package dev.mixlaw.samples;

import dev.mixlaw.api.Domains;
import dev.mixlaw.api.Lab;
import dev.mixlaw.api.Mixture;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Study;
import dev.mixlaw.api.TokenizerSpec;
import dev.mixlaw.api.results.Comparison;
import dev.mixlaw.api.results.Findings;
import dev.mixlaw.api.results.Question;
import dev.mixlaw.api.results.Refusal;
import dev.mixlaw.api.results.RunResult;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * A nightly job that fails if a new version of a corpus is worse than the accepted version, and
 * also if the measurements cannot decide this.
 */
@Command(
    name = "RegressionGate",
    mixinStandardHelpOptions = true,
    description =
        "Trains small models on the accepted and on the candidate version of a corpus, and compares their losses on held-out text.",
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:the candidate is better, or worse by less than --margin (95 %%)",
      "1:the data are wrong",
      "2:the options are wrong",
      "3:undecided, for example because runs failed or there are too few seeds",
      "4:the candidate is significantly worse"
    })
final class RegressionGate implements Callable<Integer> {
  private static final int UNDECIDED = 3;
  private static final int WORSE = 4;

  @Mixin private final LabOptions options = new LabOptions();

  @Mixin private final TextReadingOptions reading = new TextReadingOptions();

  @Option(names = "--accepted", required = true, description = "the accepted corpus")
  private Path accepted = Path.of("");

  @Option(names = "--candidate", required = true, description = "its new version")
  private Path candidate = Path.of("");

  @Option(names = "--held-out", required = true, description = "text to measure the losses on")
  private Path heldOut = Path.of("");

  @Option(
      names = "--margin",
      description = "tolerated increase of the loss, in nats per token (default: ${DEFAULT-VALUE})")
  private double margin = 0.02;

  @Option(names = "--model", description = "model size (default: ${DEFAULT-VALUE})")
  private String model = "100k";

  @Option(names = "--budget", description = "training tokens (default: ${DEFAULT-VALUE})")
  private String budget = "1M";

  @Option(names = "--seeds", description = "runs of each version (default: ${DEFAULT-VALUE})")
  private int seeds = 4;

  @Override
  public Integer call() {
    OptionProblems problems = new OptionProblems();
    options.check(problems);
    problems.require(margin > 0, "--margin", margin, "above 0");
    problems.throwIfAny();
    Study study =
        Study.named("regression-gate")
            .mixtures(
                Mixture.of(reading.at(accepted).corpus().named("accepted")),
                Mixture.of(reading.at(candidate).corpus().named("candidate")))
            .baseline("accepted")
            .models(ModelSpec.ladder(model).get(0).withContext(128))
            .budgets(budget)
            .seeds(seeds)
            .tokenizer(TokenizerSpec.trainedBpe(1024))
            .evaluateOn(Domains.of(reading.at(heldOut).corpus().named("held-out")))
            .asks(Question.compare("candidate"));
    Path report = options.directory.resolve("regression-gate.html");
    try (Lab lab = options.builder().withoutWordComparison().open();
        ProgressLine progress = new ProgressLine()) {
      Findings findings = lab.run(study, progress);
      findings.report(report);
      progress.close();
      int code = decide(findings);
      System.out.println("report: " + report.toAbsolutePath().normalize().toUri());
      return code;
    }
  }

  private int decide(Findings findings) {
    // Failed runs are often those of the worse version, so the others alone would be a biased
    // sample.
    if (!findings.runs().stream().allMatch(RunResult::completed)) {
      return undecided("not all runs were completed");
    }
    return findings
        .compare(Question.compare("candidate"))
        .fold((difference, warnings) -> decide(difference), (Refusal r) -> undecided(r.reason()));
  }

  private int decide(Comparison compared) {
    double difference = compared.difference().value();
    System.out.println("candidate minus accepted, nats per token: " + compared.difference());
    if (compared.degreesOfFreedom() == 0) {
      return undecided("the seed noise is unknown; increase --seeds");
    }
    if (compared.significant() && difference > 0) {
      System.out.println("FAILED: the candidate is significantly worse");
      return WORSE;
    }
    if (compared.difference().interval().high() > margin) {
      return undecided("the interval exceeds --margin " + margin + "; increase --seeds");
    }
    System.out.println("PASSED");
    return 0;
  }

  private static int undecided(String reason) {
    System.out.println("UNDECIDED: " + reason);
    return UNDECIDED;
  }

  public static void main(String[] args) {
    System.exit(Samples.run(new RegressionGate(), args));
  }
}
