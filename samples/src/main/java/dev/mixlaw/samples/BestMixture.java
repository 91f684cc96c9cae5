package dev.mixlaw.samples;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Lab;
import dev.mixlaw.api.Mixture;
import dev.mixlaw.api.MixtureSpread;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Study;
import dev.mixlaw.api.TokenizerSpec;
import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.Findings;
import dev.mixlaw.api.results.Refusal;
import dev.mixlaw.api.results.TextFacts;
import dev.mixlaw.api.units.LossUnit;
import dev.mixlaw.api.units.Tokens;
import dev.mixlaw.eval.mixture.Accuracy;
import dev.mixlaw.eval.mixture.MixtureFit;
import dev.mixlaw.eval.mixture.MixtureModel;
import dev.mixlaw.eval.mixture.MixtureRuns;
import dev.mixlaw.eval.mixture.Proposal;
import dev.mixlaw.eval.mixture.ProposalTrial;
import dev.mixlaw.eval.mixture.Proposer;
import dev.mixlaw.eval.mixture.Resamples;
import dev.mixlaw.samples.corpora.SampleCorpora;
import dev.mixlaw.samples.corpora.Sources;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Finds the best mixture of several corpora. Trains small models on mixtures that are spread over
 * all possible shares, proposes a mixture, and trains the proposal to check it.
 */
@Command(
    name = "BestMixture",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Trains small models on mixtures spread over the whole range of shares of several corpora, fits loss as a function of shares, proposes the best mixture, and trains it together with the natural mixture and the best mixture tried, to check the proposal.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:a mixture was proposed and trained",
      "1:the text cannot be used",
      "2:an option is invalid",
      "3:the runs do not support a proposal"
    })
final class BestMixture implements Callable<Integer> {
  private static final int REFUSED = 3;
  private static final int CONTEXT = 128;
  private static final int VOCABULARY = 1024;
  private static final int FOLDS = 5;
  private static final double REPEATS = 4;
  private static final LossUnit UNIT = LossUnit.NATS_PER_TOKEN;
  private static final String NATURAL = "natural";
  private static final String PROPOSED = "proposed";
  private static final Map<String, Supplier<MixtureModel>> MODELS =
      Map.of(
          "kriging", MixtureModel::kriging,
          "linear", MixtureModel::linear,
          "mixing", MixtureModel::mixing,
          "boosting", MixtureModel::boosting);

  @Mixin private final LabOptions.Submitting options = new LabOptions.Submitting();

  @Mixin private final StudyTextOptions text = new StudyTextOptions();

  @Option(
      names = "--mixtures",
      description = "number of mixtures to train first (default: ${DEFAULT-VALUE})")
  private int mixtures = 36;

  @Option(
      names = "--model",
      description =
          "size of the models in non-embedding parameters, such as 100k (default: ${DEFAULT-VALUE})")
  private String size = "100k";

  @Option(names = "--budget", description = "training tokens per run (default: ${DEFAULT-VALUE})")
  private String budget = "200k";

  @Option(
      names = "--fit",
      description =
          "model of loss as a function of shares: kriging, mixing, linear or boosting (default: ${DEFAULT-VALUE})")
  private String fit = "kriging";

  @Option(names = "--seeds", description = "seeds per mixture in the check (default: 3)")
  private int seeds = 3;

  @Option(
      names = "--bootstrap",
      description = "bootstrap resamples for the intervals (default: 200)")
  private int bootstrap = 200;

  @Option(
      names = "--seed",
      description = "seed for the spread and the fit (default: ${DEFAULT-VALUE})")
  private long seed;

  @Option(names = "--json", description = "file for the proposal and its check as JSON")
  private @Nullable Path json;

  @Option(
      names = "--smallest",
      description =
          "use a tiny model and budget and few mixtures, to test the program rather than mixtures")
  private boolean smallest;

  @Override
  public Integer call() {
    check();
    SampleCorpora texts = text.read(options.directory);
    ExecutorService pool = Executors.newFixedThreadPool(options.threads);
    try (Lab lab = options.builder().open();
        ProgressLine progress = new ProgressLine()) {
      return find(texts, lab, progress, new Resamples(bootstrap, seed, pool));
    } finally {
      pool.shutdown();
    }
  }

  private void check() {
    if (smallest) {
      size = "25k";
      budget = "20k";
      mixtures = 8;
      bootstrap = 100;
    }
    OptionProblems problems = new OptionProblems();
    problems.choice("--fit", fit, MODELS);
    problems.require(seeds >= 2, "--seeds", seeds, "at least 2");
    problems.require(bootstrap >= 100, "--bootstrap", bootstrap, "at least 100");
    options.check(problems);
    problems.attempt("--model", () -> ModelSpec.ladder(size));
    problems.attempt("--budget", () -> Tokens.tokens(budget));
    problems.output("--json", json);
    problems.throwIfAny();
  }

  private int find(SampleCorpora texts, Lab lab, ProgressLine progress, Resamples resamples) {
    Sources sources = Sources.of(texts, text.corpora, text.reading::at);
    enoughMixtures(sources.all());
    List<TextFacts> facts =
        lab.text(study("best-mixture", texts).mixtures(even(sources.all())), progress);
    Mixture natural = natural(sources.natural(), facts);
    List<Mixture> spread =
        MixtureSpread.over(sources.all())
            .beside(natural)
            .within(facts, Tokens.tokens(budget), REPEATS)
            .mixtures(mixtures, seed);
    Study toTry = study("best-mixture", texts).mixtures(natural).mixtures(spread);
    Optional<Findings> submitted = run(lab, toTry, progress);
    if (submitted.isEmpty()) {
      return 0;
    }
    Findings tried = submitted.get();
    MixtureModel model = MODELS.get(fit).get();
    MixtureRuns runs = MixtureRuns.of(tried, UNIT);
    Answer<List<MixtureFit>> fitted = model.fitAll(runs, resamples);
    if (!fitted.isKnown()) {
      return refuse(model, fitted.toRefusal().orElseThrow());
    }
    List<MixtureFit> fits = fitted.orElseThrow();
    Answer<Proposal> answer =
        Proposer.of(fits)
            .natural(natural.shares())
            .repeatLimits(tried.provenance().corpora(), Tokens.tokens(budget), REPEATS)
            .withinTried()
            .seed(seed)
            .executor(resamples.executor())
            .best(runs.domains().stream().collect(Collectors.toMap(d -> d, d -> 1.0)));
    if (!answer.isKnown()) {
      return refuse(model, answer.toRefusal().orElseThrow());
    }
    Proposal proposal = answer.orElseThrow();
    progress.close();
    System.out.printf("%n%s%n", proposal);

    Mixture proposed = proposal.mixture(PROPOSED, toTry.corpora(), MixtureSpread.LEAST);
    Study toTrain = study("best-mixture-trial", texts).seeds(seeds).mixtures(natural);
    for (Mixture other : beside(spread, tried, toTry.corpora())) {
      toTrain = toTrain.mixtures(other).seeds(other.name(), seeds + 1); // the fit has used one seed
    }
    toTrain = toTrain.seeds(natural.name(), seeds + 1).mixtures(proposed);
    run(lab, toTrain, progress)
        .ifPresent(
            trained ->
                tell(
                    new BestMixtureResult(
                        model,
                        fits,
                        crossValidated(model, fits),
                        proposal,
                        proposed,
                        tried,
                        trained,
                        ProposalTrial.of(proposal, fits, trained, UNIT, PROPOSED))));
    return 0;
  }

  private static Map<String, Accuracy> crossValidated(MixtureModel model, List<MixtureFit> fits) {
    Map<String, Accuracy> known = new LinkedHashMap<>();
    for (MixtureFit fit : fits) {
      Accuracy.crossValidated(model, fit, FOLDS)
          .toOptional()
          .ifPresent(a -> known.put(fit.domain(), a));
    }
    return known;
  }

  private void tell(BestMixtureResult result) {
    Path page = options.directory.resolve("best-mixture.html");
    result.page().write(page);
    JsonFile.write(options.directory.resolve("best-mixture.json"), result.json());
    JsonFile.write(json, result.json());
    System.out.printf("%n%s%n", result.trial());
    System.out.println("report: " + page.toAbsolutePath().normalize().toUri());
  }

  private int refuse(MixtureModel model, Refusal refusal) {
    System.err.println(refusal);
    JsonFile.write(
        json,
        JsonFile.refused(
            model.id(), model.id(), model.formula(), "mean of domains", refusal, List.of()));
    return REFUSED;
  }

  private void enoughMixtures(List<Corpus> all) {
    OptionProblems problems = new OptionProblems();
    int fewest = fit.equals("boosting") ? 20 : all.size() + 1; // including the natural mixture
    problems.require(
        mixtures >= fewest,
        "--mixtures",
        mixtures + " mixtures of the corpora " + all.stream().map(Corpus::name).toList(),
        "at least " + fewest + ", preferably several times the number of corpora");
    problems.throwIfAny();
  }

  private Study study(String name, SampleCorpora texts) {
    return Study.named(name)
        .models(ModelSpec.ladder(size).get(0).withContext(CONTEXT))
        .budgets(budget)
        .tokenizer(TokenizerSpec.trainedBpe(VOCABULARY))
        .maxRepeats(REPEATS)
        .evaluateOn(texts.domains());
  }

  private static Mixture even(List<Corpus> all) {
    Mixture even = Mixture.named("even");
    for (Corpus corpus : all) {
      even = even.with(corpus, 1.0 / all.size());
    }
    return even;
  }

  /**
   * Returns the mixture in which each corpus has its share of all text. Corpora below 0.5 % are
   * left out.
   */
  private static Mixture natural(List<Corpus> corpora, List<TextFacts> text) {
    Map<String, Long> tokens =
        text.stream().collect(Collectors.toMap(TextFacts::name, TextFacts::tokens));
    long all = corpora.stream().mapToLong(c -> tokens.get(c.name())).sum();
    List<Corpus> kept = corpora.stream().filter(c -> tokens.get(c.name()) >= 0.005 * all).toList();
    long sum = kept.stream().mapToLong(c -> tokens.get(c.name())).sum();
    Mixture natural = Mixture.named(NATURAL);
    for (Corpus corpus : kept) {
      natural = natural.with(corpus, (double) tokens.get(corpus.name()) / sum);
    }
    return natural;
  }

  /**
   * Returns the mixtures to train together with the proposal: the best mixture tried, and a mixture
   * of all corpora, which ensures that the tokenizer is the same in both studies.
   */
  private static Set<Mixture> beside(List<Mixture> spread, Findings tried, List<Corpus> corpora) {
    Set<Mixture> beside = new LinkedHashSet<>();
    spread.stream()
        .filter(m -> m.parts().size() == corpora.size())
        .findFirst()
        .ifPresent(beside::add);
    tried.means().stream()
        .filter(m -> !m.key().mixture().equals(NATURAL))
        .min(Comparator.comparingDouble(m -> m.macroNatsPerToken().value()))
        .flatMap(
            best -> spread.stream().filter(m -> m.name().equals(best.key().mixture())).findFirst())
        .ifPresent(beside::add);
    return beside;
  }

  private Optional<Findings> run(Lab lab, Study study, ProgressLine progress) {
    Optional<Findings> findings = options.run(lab, study, progress);
    findings.ifPresent(
        f -> f.report(options.directory.resolve(study.name()).resolve("report.html")));
    progress.close();
    return findings;
  }

  public static void main(String[] args) {
    System.exit(Samples.run(new BestMixture(), args));
  }
}
