package dev.mixlaw.samples;

import static dev.mixlaw.api.rounds.Strategy.ACCUMULATE;
import static dev.mixlaw.api.rounds.Strategy.REPLACE;

import dev.mixlaw.api.Lab;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.TokenizerSpec;
import dev.mixlaw.api.rounds.Rounds;
import dev.mixlaw.api.rounds.RoundsFindings;
import dev.mixlaw.api.rounds.RoundsPlan;
import dev.mixlaw.api.rounds.Strategy;
import dev.mixlaw.api.rounds.Writing;
import dev.mixlaw.eval.report.Reports;
import dev.mixlaw.samples.corpora.SampleCorpora;
import dev.mixlaw.train.run.LocalStudyRunner;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Trains models on text that models of earlier rounds generated, and reports with which strategies
 * the models collapse.
 */
@Command(
    name = "CollapseStudy",
    mixinStandardHelpOptions = true,
    description =
        "Trains models in rounds on text from the previous round, on its own (replace) or added to all earlier text (accumulate), and reports which strategies collapse.")
final class CollapseStudy implements Callable<Integer> {
  private static final int CONTEXT = 128;
  private static final int VOCABULARY = 1024;

  @Mixin private final LabOptions options = new LabOptions();

  @Mixin private StudyTextOptions.Natural text = new StudyTextOptions.Natural();

  @Option(names = "--rounds", description = "rounds after round 0 (default: ${DEFAULT-VALUE})")
  private int rounds = 3;

  @Option(names = "--seeds", description = "seeds per strategy (default: ${DEFAULT-VALUE})")
  private int seeds = 2;

  @Option(
      names = "--strategies",
      split = ",",
      description =
          "one or more of replace, accumulate, accumulate-subsample (default: replace,accumulate)")
  private List<Strategy> strategies = List.of(REPLACE, ACCUMULATE);

  @Option(
      names = "--model",
      description = "non-embedding parameters, such as 200k (default: ${DEFAULT-VALUE})")
  private String model = "200k";

  @Option(
      names = "--tokens",
      description =
          "training tokens in round 0, and tokens that each round writes (default: ${DEFAULT-VALUE})")
  private String tokens = "150k";

  @Option(
      names = "--prompt-tokens",
      description =
          "number of tokens of a natural document that each text continues; 0: no prompt (default: ${DEFAULT-VALUE})")
  private int promptTokens;

  @Option(names = "--temperature", description = "sampling temperature (default: ${DEFAULT-VALUE})")
  private double temperature = 1;

  @Option(
      names = "--top-p",
      description =
          "sample from the most likely tokens with this total probability (default: ${DEFAULT-VALUE})")
  private double topP = 1;

  @Option(
      names = "--submit",
      description =
          "leave the models of the next round to the sample Worker; when it has ended, the same command generates their texts and leaves the round after it, until all rounds have ended and it writes the report")
  private boolean submit;

  @Option(names = "--child-jvms", description = "train each model in its own JVM")
  private boolean childJvms;

  @Option(names = "--json", description = "file for the results as JSON")
  private @Nullable Path json;

  @Option(
      names = "--smallest",
      description =
          "use a tiny model, short texts and few rounds, to test the program rather than collapse")
  private boolean smallest;

  @Override
  public Integer call() {
    OptionProblems problems = new OptionProblems();
    text.check(problems);
    problems.output("--json", json);
    problems.attempt("--model", () -> ModelSpec.ladder(model));
    problems.attempt("--tokens", () -> dev.mixlaw.api.units.Tokens.tokens(tokens));
    options.check(problems);
    problems.throwIfAny();
    SampleCorpora texts = text.read(options.directory);
    Rounds description = description(texts);
    Path report = options.directory.resolve(description.name()).resolve("report.html");
    LocalStudyRunner studies = new LocalStudyRunner();
    try (Lab lab = options.builder().runner(childJvms ? studies.inChildJvms() : studies).open();
        ProgressLine progress = new ProgressLine()) {
      RoundsPlan plan = lab.plan(description, progress);
      progress.close();
      System.out.println(plan);
      if (submit && lab.submit(description, progress)) {
        progress.close();
        System.out.println("submitted a round; train it with: Worker --lab " + options.directory);
        return 0;
      }
      RoundsFindings findings = lab.run(description, progress);
      findings.report(report);
      if (json != null) {
        Reports.writeResults(findings, json);
      }
      progress.close();
      findings.warnings().forEach(w -> System.out.println("warning: " + Samples.byOptions(w)));
      findings
          .verdicts()
          .forEach(
              (s, verdict) -> System.out.println(s + ": " + Samples.byOptions(verdict.summary())));
    }
    System.out.println("report: " + report.toAbsolutePath().normalize().toUri());
    return 0;
  }

  private Rounds description(SampleCorpora texts) {
    Rounds described =
        Rounds.of(texts.natural())
            .named(smallest ? "collapse-smallest" : "collapse")
            .model(ModelSpec.ladder(smallest ? "25k" : model).get(0).withContext(CONTEXT))
            .tokens(smallest ? "20k" : tokens)
            .rounds(smallest ? 2 : rounds)
            .seeds(smallest ? 1 : seeds)
            .writing(Writing.fromPrefixes(promptTokens).temperature(temperature).topP(topP))
            .tokenizer(TokenizerSpec.trainedBpe(VOCABULARY))
            .evaluateOn(texts.domains());
    for (Strategy strategy : strategies) {
      described = described.and(strategy);
    }
    return described;
  }

  public static void main(String[] args) {
    System.exit(Samples.run(new CollapseStudy(), args));
  }
}
