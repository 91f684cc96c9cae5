package dev.mixlaw.samples;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Lab;
import dev.mixlaw.api.Mixture;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.MultipleChoice;
import dev.mixlaw.api.Study;
import dev.mixlaw.api.TokenizerSpec;
import dev.mixlaw.api.results.Findings;
import dev.mixlaw.eval.table.ChoiceFile;
import dev.mixlaw.samples.corpora.SampleCorpora;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Determines within minutes which mixture of natural and synthetic text results in a better small
 * model.
 */
@Command(
    name = "Quickstart",
    mixinStandardHelpOptions = true,
    description =
        "Trains small models on mixtures of natural and synthetic text and reports which is better.")
final class Quickstart implements Callable<Integer> {
  private static final int CONTEXT = 128;
  private static final int VOCABULARY = 1024;

  @Mixin private final LabOptions.Submitting options = new LabOptions.Submitting();

  @Mixin private StudyTextOptions text = new StudyTextOptions();

  @Option(
      names = "--questions",
      description =
          "multiple-choice questions to measure every model on: JSON Lines with question, choices and answer")
  private @Nullable Path questions;

  @Option(
      names = "--seeds",
      description = "runs of each mixture, model and budget (default: ${DEFAULT-VALUE})")
  private int seeds = 3;

  @Option(
      names = "--smallest",
      description = "use tiny models and budgets, to test the program rather than mixtures")
  private boolean smallest;

  @Override
  public Integer call() {
    OptionProblems problems = new OptionProblems();
    options.check(problems);
    problems.require(seeds >= 1, "--seeds", seeds, "at least 1");
    problems.throwIfAny();
    SampleCorpora texts = text.read(options.directory);
    Study study =
        Study.named(smallest ? "quickstart-smallest" : "quickstart")
            .mixtures(mixtures(texts))
            .models(models())
            .budgets(
                smallest
                    ? new String[] {"10k", "20k", "40k", "60k", "80k"}
                    : new String[] {"125k", "250k", "500k", "1M", "2M"})
            .seeds(smallest ? 1 : seeds)
            .seeds(texts.natural().name(), seeds)
            .tokenizer(TokenizerSpec.trainedBpe(VOCABULARY))
            .evaluateOn(texts.domains())
            .ask(tests());

    Path report = options.directory.resolve("report.html");
    try (Lab lab = options.builder().open();
        ProgressLine progress = new ProgressLine()) {
      Optional<Findings> findings = options.run(lab, study, progress);
      if (findings.isEmpty()) {
        return 0;
      }
      findings.get().report(report);
      progress.close();
      FindingsSummary.print(findings.get());
    }
    System.out.println("report: " + report.toAbsolutePath().normalize().toUri());
    return 0;
  }

  private MultipleChoice[] tests() {
    return questions == null
        ? new MultipleChoice[0]
        : new MultipleChoice[] {ChoiceFile.jsonl(questions).read()};
  }

  private static List<Mixture> mixtures(SampleCorpora texts) {
    return texts.synthetic().stream()
        .flatMap(
            (Corpus synthetic) -> Mixture.grid(texts.natural(), synthetic, 0, 1 / 3.0, 1).stream())
        .distinct()
        .toList();
  }

  private List<ModelSpec> models() {
    return ModelSpec.ladder(smallest ? new String[] {"25k", "50k"} : new String[] {"50k", "100k"})
        .stream()
        .map(m -> m.withContext(CONTEXT))
        .toList();
  }

  public static void main(String[] args) {
    System.exit(Samples.run(new Quickstart(), args));
  }
}
