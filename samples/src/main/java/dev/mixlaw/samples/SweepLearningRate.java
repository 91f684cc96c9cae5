package dev.mixlaw.samples;

import dev.mixlaw.api.Lab;
import dev.mixlaw.api.Mixture;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.Study;
import dev.mixlaw.api.TokenizerSpec;
import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.api.results.Findings;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.units.Tokens;
import dev.mixlaw.samples.corpora.SampleCorpora;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Trains the smallest and the largest model of a study with multiples of the default learning rate.
 * Warns if the best multiple is the smallest or largest one tried.
 */
@Command(
    name = "SweepLearningRate",
    mixinStandardHelpOptions = true,
    description =
        "Tries multiples of the default learning rate at the smallest and the largest model.")
final class SweepLearningRate implements Callable<Integer> {
  @Mixin private final LabOptions options = new LabOptions();
  @Mixin private StudyTextOptions.Natural text = new StudyTextOptions.Natural();

  @Option(
      names = "--models",
      split = ",",
      description =
          "smallest and largest model, in non-embedding parameters (default: ${DEFAULT-VALUE})")
  private List<String> models = List.of("100k", "300k");

  @Option(names = "--budget", description = "training tokens (default: ${DEFAULT-VALUE})")
  private String budget = "400k";

  @Option(names = "--context", description = "tokens per sequence (default: ${DEFAULT-VALUE})")
  private int context = 128;

  @Option(
      names = "--factors",
      split = ",",
      description = "multiples of the default learning rate (default: ${DEFAULT-VALUE})")
  private List<Double> factors = List.of(0.25, 0.5, 1.0, 2.0, 4.0);

  private record Trial(String model, double factor, double loss) {}

  @Override
  public Integer call() {
    OptionProblems problems = new OptionProblems();
    text.check(problems);
    options.check(problems);
    problems.throwIfAny();
    SampleCorpora texts = text.read(options.directory);
    List<Trial> trials = new ArrayList<>();
    try (Lab lab = options.builder().withoutWordComparison().open();
        ProgressLine progress = new ProgressLine()) {
      for (double factor : factors) {
        Findings findings = lab.run(study(texts, factor), progress);
        findings
            .means()
            .forEach(
                m -> trials.add(new Trial(m.key().model(), factor, m.macroNatsPerToken().value())));
        findings.runs().stream()
            .filter(r -> !r.completed())
            .map(RunResult::key)
            .forEach(k -> trials.add(new Trial(k.model(), factor, Double.POSITIVE_INFINITY)));
      }
    }
    models.forEach(
        model -> tell(model, trials.stream().filter(t -> t.model().equals(model)).toList()));
    return 0;
  }

  private Study study(SampleCorpora texts, double factor) {
    return Study.named(Texts.format("learning-rate-x%s", factor))
        .mixtures(Mixture.of(texts.natural()))
        .models(
            ModelSpec.ladder(models.toArray(String[]::new)).stream()
                .map(m -> m.withContext(context))
                .toList())
        .budgets(Tokens.tokens(budget))
        .tokenizer(TokenizerSpec.trainedBpe(1024))
        .recipe(Recipe.standard().withLearningRateFactor(factor))
        .evaluateOn(texts.domains());
  }

  private static void tell(String model, List<Trial> trials) {
    List<Trial> sorted = trials.stream().sorted(Comparator.comparingDouble(Trial::factor)).toList();
    Trial best = sorted.stream().min(Comparator.comparingDouble(Trial::loss)).orElseThrow();
    System.out.printf(
        "%nmodel %s: macro loss in nats per token by multiple of the default learning rate%n",
        model);
    sorted.forEach(
        t ->
            Samples.print("  ×%-6s %8.4f%s", t.factor(), t.loss(), t.equals(best) ? "  best" : ""));
    boolean edge = best.equals(sorted.get(0)) || best.equals(sorted.get(sorted.size() - 1));
    if (edge) {
      Samples.print(
          "  warning: the best multiple, %s, is the lowest or highest tried; fitted laws would reflect poor tuning (widen --factors)",
          best.factor());
    }
  }

  public static void main(String[] args) {
    System.exit(Samples.run(new SweepLearningRate(), args));
  }
}
