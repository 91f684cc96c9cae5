package dev.mixlaw.samples;

import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.Refusal;
import dev.mixlaw.api.units.Tokens;
import dev.mixlaw.eval.mixture.Accuracy;
import dev.mixlaw.eval.mixture.MixtureFit;
import dev.mixlaw.eval.mixture.MixtureModel;
import dev.mixlaw.eval.mixture.MixtureRuns;
import dev.mixlaw.eval.mixture.Proposal;
import dev.mixlaw.eval.mixture.Proposer;
import dev.mixlaw.eval.mixture.Resamples;
import dev.mixlaw.eval.table.LossTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Fits a model of the loss as a function of shares to the losses of trained mixtures, and proposes
 * the best shares. Trains nothing.
 */
@Command(
    name = "FitMixture",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Fits a model of loss as a function of shares, and proposes shares.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:a model was fitted",
      "1:the tables cannot be used",
      "2:an option is invalid",
      "3:the data cannot identify the model"
    })
final class FitMixture implements Callable<Integer> {
  private static final int REFUSED = 3;
  private static final int FOLDS = 5;
  private static final List<String> MODELS =
      List.of(
          "linear", "boosting", "kriging", "mixing", "mixture-additive", "mixture-joint", "bimix");

  @Option(
      names = "--shares",
      required = true,
      description = "CSV with one column of shares per source and one row per run")
  private Path shares = Path.of("");

  @Option(
      names = "--losses",
      description =
          "CSV with the losses of the same runs, joined by the first column of --shares (default: the losses are columns of --shares)")
  private @Nullable Path losses;

  @Option(
      names = "--sources",
      split = ",",
      description =
          "columns of --shares with the shares of the sources (default: all columns that no other option names)")
  private List<String> sources = new ArrayList<>();

  @Option(
      names = "--target",
      required = true,
      split = ",",
      description =
          "columns with losses, each of which is fitted by itself; with several columns, the name of the column is added to the name of the file of --json")
  private List<String> targets = new ArrayList<>();

  /** The column that is being fitted. */
  private String target = "";

  @Option(
      names = "--model",
      description =
          "linear, boosting, kriging, mixing, mixture-additive, mixture-joint or bimix (default: ${DEFAULT-VALUE})")
  private String model = "boosting";

  @Option(
      names = "--test-shares",
      description = "CSV with the shares of test runs, such as larger models")
  private @Nullable Path testShares;

  @Option(
      names = "--test-losses",
      description = "CSV with the losses of the test runs (default: five-fold cross-validation)")
  private @Nullable Path testLosses;

  @Option(names = "--index", description = "column that joins shares and losses")
  private @Nullable String index;

  @Option(names = "--params", description = "column of --shares with model sizes")
  private @Nullable String params;

  @Option(names = "--tokens", description = "column of --shares with training tokens")
  private @Nullable String tokens;

  @Mixin private RowOptions rows = new RowOptions();

  @Option(names = "--own", description = "for bimix: the domain's own source")
  private @Nullable String own;

  @Option(
      names = "--trees",
      description = "number of trees for boosting (default: ${DEFAULT-VALUE})")
  private int trees = 1000;

  @Option(
      names = "--learning-rate",
      description = "learning rate for boosting (default: ${DEFAULT-VALUE})")
  private double learningRate = 0.01;

  @Option(
      names = "--average",
      split = ",",
      description = "propose shares for a weighted average of columns, such as A=1,B=2")
  private Map<String, Double> average = new LinkedHashMap<>();

  @Option(
      names = "--natural",
      split = ",",
      description = "natural shares, such as web=0.9,hq=0.1 (default: the mean of the runs)")
  private Map<String, Double> natural = new LinkedHashMap<>();

  @Option(
      names = "--within-tried",
      description = "propose no share outside the range of shares in the runs")
  private boolean withinTried;

  @Option(names = "--budget", description = "training tokens to which the limits of --unique apply")
  private @Nullable String budget;

  @Option(
      names = "--unique",
      split = ",",
      description =
          "tokens available from a source, such as hq=1B; adds a proposal within --epochs")
  private Map<String, String> unique = new LinkedHashMap<>();

  @Option(
      names = "--epochs",
      description =
          "largest number of epochs over a source in --unique (default: ${DEFAULT-VALUE})")
  private double epochs = 4;

  @Option(
      names = "--bootstrap",
      description =
          "bootstrap resamples for the intervals, at least 100 (default: ${DEFAULT-VALUE})")
  private int bootstrap = 100;

  @Option(
      names = "--seed",
      description = "seed for the resamples and the search (default: ${DEFAULT-VALUE})")
  private long seed;

  @Option(
      names = "--threads",
      description = "threads for resamples; results do not depend on it (default: all processors)")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(names = "--json", description = "file for the results as JSON")
  private @Nullable Path json;

  @Override
  public Integer call() {
    check();
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      int code = 0;
      for (String column : targets) {
        target = column;
        MixtureRuns runs = rows.filter(table(shares, losses, domains())).mixtureRuns();
        code = Math.max(code, fit(model(), runs, pool));
      }
      return code;
    } finally {
      pool.shutdown();
    }
  }

  private void check() {
    OptionProblems problems = new OptionProblems();
    problems.require(MODELS.contains(model), "--model", model, "one of " + MODELS);
    problems.require(
        !model.equals("bimix") || own != null, "--own", "missing", "the domain's own source");
    problems.require(
        (testShares == null) == (testLosses == null),
        "--test-shares, --test-losses",
        "only one is given",
        "both or neither");
    problems.require(
        unique.isEmpty() == (budget == null),
        "--budget, --unique",
        "only one is given",
        "both or neither");
    rows.check(problems);
    problems.require(bootstrap >= 100, "--bootstrap", bootstrap, "at least 100");
    problems.require(threads >= 1, "--threads", threads, "at least 1");
    if (budget != null) {
      problems.attempt("--budget", () -> Tokens.tokens(budget));
    }
    problems.attempt("--unique", this::uniqueTokens);
    problems.require(
        epochs > 0 && Double.isFinite(epochs), "--epochs", epochs, "a finite number above 0");
    problems.attempt("--trees, --learning-rate", this::boosting);
    problems.output("--json", json);
    problems.throwIfAny();
  }

  private MixtureModel model() {
    return switch (model) {
      case "linear" -> MixtureModel.linear();
      case "boosting" -> boosting();
      case "kriging" -> MixtureModel.kriging();
      case "mixing" -> MixtureModel.mixing();
      case "mixture-additive" -> MixtureModel.mixtureAdditive();
      case "mixture-joint" -> MixtureModel.mixtureJoint();
      default -> MixtureModel.biMix(String.valueOf(own));
    };
  }

  private MixtureModel boosting() {
    return MixtureModel.boosting(trees, learningRate, 31, 20);
  }

  /** Returns the target domain, followed by the other domains in the weighted average. */
  private List<String> domains() {
    List<String> all = new ArrayList<>(List.of(target));
    average.keySet().stream().filter(d -> !all.contains(d)).forEach(all::add);
    return all;
  }

  private LossTable table(Path sharesFile, @Nullable Path lossesFile, List<String> domains) {
    LossTable table = LossTable.csv(sharesFile).loss(domains.toArray(String[]::new));
    table = lossesFile == null ? table : table.joined(lossesFile);
    for (String source : sources) {
      table = table.share(source, source);
    }
    table = index == null ? table : table.index(index);
    table = params == null ? table : table.params(params);
    table = tokens == null ? table : table.tokens(tokens);
    return rows.describe(table);
  }

  private int fit(MixtureModel how, MixtureRuns runs, ExecutorService pool) {
    long start = System.nanoTime();
    Answer<List<MixtureFit>> drawn;
    try (ProgressLine progress = new ProgressLine()) {
      drawn =
          how.fitAll(
              runs, new Resamples(bootstrap, seed, pool, part -> progress.show("fitting", part)));
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    if (!drawn.isKnown()) {
      return refuse(how, drawn.toRefusal().orElseThrow(), runs.warnings());
    }
    List<MixtureFit> fits = drawn.orElseThrow();
    MixtureFit fit = fits.get(0);
    List<String> warnings = new ArrayList<>(fit.warnings());
    Answer<Accuracy> accuracy = accuracy(how, fit, pool);
    accuracy.toRefusal().map(Refusal::toString).ifPresent(warnings::add);
    Proposer proposer = Proposer.of(fits).seed(seed).executor(pool);
    proposer = natural.isEmpty() ? proposer : proposer.natural(natural);
    proposer = withinTried ? proposer.withinTried() : proposer;
    Map<String, Answer<Proposal>> proposals = new LinkedHashMap<>();
    proposals.put("proposal", propose(proposer));
    if (!unique.isEmpty()) {
      proposals.put(
          "proposal_within_repeats",
          propose(
              proposer.repeatLimits(
                  uniqueTokens(), Tokens.tokens(String.valueOf(budget)), epochs)));
    }
    proposals.values().stream()
        .filter(p -> !p.isKnown())
        .map(Answer::toString)
        .forEach(warnings::add);
    JsonFile.write(
        named(json), MixtureJson.of(how, fit, seconds, accuracy.toOptional(), proposals, warnings));
    tell(how, fit, seconds, accuracy, proposals);
    return 0;
  }

  private Answer<Proposal> propose(Proposer proposer) {
    return average.isEmpty() ? proposer.best(target) : proposer.best(average);
  }

  private Map<String, Tokens> uniqueTokens() {
    Map<String, Tokens> tokens = new LinkedHashMap<>();
    unique.forEach((s, count) -> tokens.put(s, Tokens.tokens(count)));
    return tokens;
  }

  private Answer<Accuracy> accuracy(MixtureModel how, MixtureFit fit, ExecutorService pool) {
    if (testShares == null) {
      try (ProgressLine progress = new ProgressLine()) {
        return Accuracy.crossValidated(
            how, fit, FOLDS, pool, part -> progress.show("cross-validating", part));
      }
    }
    return Accuracy.on(table(testShares, testLosses, List.of(target)).mixtureRuns(), fit);
  }

  private int refuse(MixtureModel how, Refusal refusal, List<String> warnings) {
    System.err.println(refusal);
    JsonFile.write(
        named(json),
        JsonFile.refused(how.id(), how.id(), how.formula(), target, refusal, warnings));
    return REFUSED;
  }

  private @Nullable Path named(@Nullable Path file) {
    return targets.size() < 2 ? file : JsonFile.named(file, target);
  }

  private static void tell(
      MixtureModel how,
      MixtureFit fit,
      double seconds,
      Answer<Accuracy> accuracy,
      Map<String, Answer<Proposal>> proposals) {
    Samples.print(
        "%s%n%s of %d runs over %d sources, fitted in %.3f s with %d resamples",
        how.formula(),
        fit.domain(),
        fit.runs().size(),
        fit.runs().sources().size(),
        seconds,
        fit.draws().size());
    Optional<Accuracy> known = accuracy.toOptional();
    System.out.println(
        known
            .map(
                a ->
                    Texts.format(
                        "on %s: Spearman %.4f, mean relative error %.4f",
                        a.on(), a.spearman(), a.meanRelativeError()))
            .orElseGet(accuracy::toString));
    proposals.forEach(
        (name, proposal) -> System.out.printf("%n%s: %s%n", name.replace('_', ' '), proposal));
  }

  public static void main(String[] args) {
    System.exit(Samples.run(new FitMixture(), args));
  }
}
