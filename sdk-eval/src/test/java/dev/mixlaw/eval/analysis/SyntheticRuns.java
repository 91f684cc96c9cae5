package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.Plan;
import dev.mixlaw.api.results.CorpusKind;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.Provenance;
import dev.mixlaw.api.results.Question;
import dev.mixlaw.api.results.RunFailure;
import dev.mixlaw.api.results.RunKey;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.results.TextFacts;
import dev.mixlaw.api.units.Tokens;
import dev.mixlaw.eval.Losses;
import dev.mixlaw.eval.Losses.DocumentLoss;
import dev.mixlaw.eval.Losses.DomainLoss;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.function.LongFunction;

/**
 * Simulated runs whose losses follow known laws. The loss of a document is the sum of
 *
 * <ul>
 *   <li>law(N, D) of the mixture;
 *   <li>the difficulty of the document, which is the same for all runs;
 *   <li>seed noise, which shifts all budgets of a mixture, model and seed alike, unless {@link
 *       #seedMemory} or {@link #seedFactor} make it depend on the budget;
 *   <li>noise of the run;
 *   <li>noise of the run on this document.
 * </ul>
 */
final class SyntheticRuns {
  /** The loss as a function of parameters N and tokens D. */
  interface Law {
    double loss(double params, double tokens);

    static Law chinchilla(double e, double a, double alpha, double b, double beta) {
      return (n, d) -> e + a * Math.pow(n, -alpha) + b * Math.pow(d, -beta);
    }
  }

  final Map<String, Map<String, Double>> shares = new LinkedHashMap<>();
  final Map<String, Law> laws = new LinkedHashMap<>();
  final Map<String, Integer> seeds = new LinkedHashMap<>();
  List<TextFacts> corpora = List.of();
  String baseline = "web";
  List<Question> questions = List.of();
  long[] params = {1_000_000, 3_000_000};
  long[] budgets = {1_000_000, 2_000_000, 4_000_000, 8_000_000, 16_000_000};
  LongFunction<String> modelName = n -> n / 1_000_000 + "M";
  String[] domains = {"wiki", "code"};
  int documents = 60;
  double documentSpread = 0.3;
  double seedSpread;

  /** Seed noise at N parameters and D tokens, as a multiple of {@link #seedSpread}. */
  Law seedFactor = (n, d) -> 1;

  /**
   * Seed noise by mixture, as a multiple of that of other mixtures; 1 where a mixture is absent.
   */
  final Map<String, Double> seedScale = new LinkedHashMap<>();

  /** Correlation of a seed's noise at a budget and at twice that budget. */
  double seedMemory = 1;

  double runSpread;
  double runDocumentSpread;
  long seed = 1;

  SyntheticRuns mixture(String name, Map<String, Double> by, Law law) {
    shares.put(name, by);
    laws.put(name, law);
    return this;
  }

  /**
   * Adds a mixture with the given share of {@code hq} and the rest {@code web}. Its name is {@code
   * web}, {@code hq-PERCENT} or {@code hq}.
   */
  SyntheticRuns share(double share, Law law) {
    return share == 0
        ? mixture("web", Map.of("web", 1.0), law)
        : share == 1
            ? mixture("hq", Map.of("hq", 1.0), law)
            : mixture("hq-" + Math.round(100 * share), Map.of("web", 1 - share, "hq", share), law);
  }

  SyntheticRuns corpus(String name, CorpusKind kind, String generator, long tokens) {
    List<TextFacts> more = new ArrayList<>(corpora);
    more.add(
        new TextFacts(
            name,
            kind,
            kind.synthetic() ? Optional.of(generator) : Optional.empty(),
            1000,
            tokens,
            4 * tokens,
            0,
            "x"));
    corpora = more;
    return this;
  }

  Provenance provenance() {
    return new Provenance(
        "synthetic",
        shares,
        corpora,
        List.of(),
        "none",
        4096,
        "none",
        "none",
        baseline,
        questions,
        Map.of(),
        List.of(),
        Optional.empty());
  }

  List<RunResult> runs() {
    List<RunResult> runs = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(seed);
    double[][] difficulty = new double[domains.length][documents];
    int[][] tokens = new int[domains.length][documents];
    for (int d = 0; d < domains.length; d++) {
      for (int j = 0; j < documents; j++) {
        difficulty[d][j] = documentSpread * random.nextGaussian();
        tokens[d][j] = 50 + random.nextInt(350);
      }
    }
    for (String mixture : laws.keySet()) {
      for (long n : params) {
        for (int s = 0; s < seeds.getOrDefault(mixture, 1); s++) {
          double shift = random.nextGaussian();
          long before = budgets[0];
          for (long budget : budgets) {
            double kept = Math.pow(seedMemory, Math.log(budget / (double) before) / Math.log(2));
            before = budget;
            shift =
                kept == 1
                    ? shift
                    : kept * shift + Math.sqrt(1 - kept * kept) * random.nextGaussian();
            double loss =
                laws.get(mixture).loss(n, budget)
                    + seedScale.getOrDefault(mixture, 1.0)
                        * seedSpread
                        * seedFactor.loss(n, budget)
                        * shift
                    + runSpread * random.nextGaussian();
            List<DomainLoss> losses = new ArrayList<>();
            for (int d = 0; d < domains.length; d++) {
              List<DocumentLoss> each = new ArrayList<>();
              for (int j = 0; j < documents; j++) {
                double own = loss + difficulty[d][j] + runDocumentSpread * random.nextGaussian();
                each.add(new DocumentLoss(own * tokens[d][j], tokens[d][j], 4 * tokens[d][j]));
              }
              losses.add(domainLoss(domains[d], each));
            }
            runs.add(
                run(new RunKey(mixture, modelName.apply(n), new Tokens(budget), s), n, losses));
          }
        }
      }
    }
    return runs;
  }

  static DomainLoss domainLoss(String domain, List<DocumentLoss> documents) {
    double nats = documents.stream().mapToDouble(DocumentLoss::nats).sum();
    double perToken = nats / documents.stream().mapToDouble(DocumentLoss::tokens).sum();
    return new DomainLoss(
        domain, documents, Estimate.of(perToken, perToken, perToken), Estimate.of(1, 1, 1));
  }

  static RunResult run(RunKey key, long params, List<DomainLoss> losses) {
    return run(key, params, Optional.empty(), losses);
  }

  static RunResult run(
      RunKey key, long params, Optional<RunFailure> failure, List<DomainLoss> losses) {
    return new RunResult(
        key,
        key.toString(),
        failure,
        params,
        2 * params,
        key.budget().count(),
        0,
        0,
        Map.of(),
        Map.of(),
        Map.of(),
        0.01,
        8,
        OptionalDouble.of(3),
        Losses.of(losses),
        1);
  }

  /** Returns a plan without runs. */
  static Plan plan() {
    return new Plan(
        "study",
        "test",
        "cpu",
        1,
        1,
        "-",
        List.of(),
        0,
        0,
        0,
        0,
        Duration.ZERO,
        "digest",
        List.of(),
        List.of());
  }
}
