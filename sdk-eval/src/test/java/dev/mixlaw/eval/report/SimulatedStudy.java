package dev.mixlaw.eval.report;

import dev.mixlaw.api.results.CorpusKind;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.Findings;
import dev.mixlaw.api.results.Measurement;
import dev.mixlaw.api.results.Provenance;
import dev.mixlaw.api.results.Question;
import dev.mixlaw.api.results.RunFailure;
import dev.mixlaw.api.results.RunKey;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.results.TextFacts;
import dev.mixlaw.api.results.WordComparison;
import dev.mixlaw.api.units.Tokens;
import dev.mixlaw.eval.Losses;
import dev.mixlaw.eval.Losses.DocumentLoss;
import dev.mixlaw.eval.Losses.DomainLoss;
import dev.mixlaw.eval.analysis.StudyAnalyst;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.function.Function;

/**
 * A simulated study with known laws for tests of the report. It has natural text; a paraphrase,
 * which helps at a share of one third and has a higher lowest possible loss alone; and generated
 * text, which is worse than natural text.
 */
final class SimulatedStudy {
  /**
   * How a mixture learns.
   *
   * @param floor lowest possible loss minus that of natural text, in nats
   * @param speed number of tokens of natural text that one token is worth
   */
  record Learner(Map<String, Double> shares, double floor, double speed) {}

  final Map<String, Learner> mixtures = new LinkedHashMap<>();
  final Map<String, Integer> domains = new LinkedHashMap<>();
  Map<String, Long> models = new LinkedHashMap<>(Map.of("1M", 1_050_000L));
  List<Long> budgets = List.of(500_000L, 1_000_000L, 2_000_000L, 4_000_000L, 8_000_000L);
  int baselineSeeds = 3;
  Function<RunKey, Optional<RunFailure>> failure = key -> Optional.empty();
  List<String> warnings = List.of();
  List<Question> questions = List.of();

  /** Returns a study with five mixtures, two models, five budgets and seven domains. */
  static SimulatedStudy usual() {
    SimulatedStudy study = new SimulatedStudy();
    study.mixture("natural", Map.of("natural", 1.0), 0, 1);
    study.mixture("paraphrased-33", Map.of("natural", 0.67, "paraphrased", 0.33), 0.005, 1.7);
    study.mixture("paraphrased", Map.of("paraphrased", 1.0), 0.22, 1.2);
    study.mixture("generated-33", Map.of("natural", 0.67, "generated", 0.33), 0.03, 0.97);
    study.mixture("generated", Map.of("generated", 1.0), 1.4, 0.6);
    study.models.put("3M", 3_210_000L);
    study.domains.put("definitions", 64);
    study.domains.put("parliament", 48);
    study.domains.put("licences", 14);
    study.domains.put("manuals", 40);
    study.domains.put("medicine", 52);
    study.domains.put("java", 33);
    study.domains.put("javadoc", 36);
    study.warnings =
        List.of(
            "domain licences has 14 documents; under 20 its intervals say little",
            "learning rate 3M: 0.0041 is above the range the rule was fitted on");
    return study;
  }

  /** Returns the findings of {@link #usual}, which are analysed once because this takes seconds. */
  static Findings usualFindings() {
    return UsualFindings.VALUE;
  }

  private static final class UsualFindings {
    static final Findings VALUE = usual().findings();
  }

  SimulatedStudy mixture(String name, Map<String, Double> shares, double floor, double speed) {
    mixtures.put(name, new Learner(shares, floor, speed));
    return this;
  }

  Findings findings() {
    return new StudyAnalyst().analyze(provenance(), runs());
  }

  /** Returns the findings, with a comparison of the words of mixtures and domains. */
  Findings findingsWithWords() {
    List<WordComparison.Fit> fits = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(3);
    for (String mixture : mixtures.keySet()) {
      for (String domain : domains.keySet()) {
        double near = random.nextDouble();
        fits.add(
            new WordComparison.Fit(
                mixture,
                domain,
                2.5 - near,
                0.5 - 0.2 * near,
                0.6 + 0.2 * near,
                0.85 + 0.1 * near,
                0.4 + 0.2 * near,
                0.7 + 0.2 * near));
      }
    }
    WordComparison words =
        new WordComparison("en", Tokens.tokens("8M"), 64_000_000, fits, List.of());
    return new StudyAnalyst().analyze(provenance().withWords(words), runs());
  }

  Provenance provenance() {
    Map<String, Map<String, Double>> shares = new LinkedHashMap<>();
    Map<String, TextFacts> corpora = new LinkedHashMap<>();
    mixtures.forEach((name, learner) -> shares.put(name, learner.shares()));
    for (Map<String, Double> by : shares.values()) {
      by.keySet().stream().sorted().forEach(c -> corpora.putIfAbsent(c, corpus(c)));
    }
    List<TextFacts> held = new ArrayList<>();
    domains.forEach(
        (name, documents) ->
            held.add(
                new TextFacts(
                    name,
                    CorpusKind.NATURAL,
                    Optional.empty(),
                    documents,
                    documents * 410L,
                    documents * 1630L,
                    0,
                    "9d2c" + name)));
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("budgets", budgets.toString());
    settings.put("schedule", "warm-up 10 % of the smallest budget, stable, decay 20 %");
    settings.put("learning rate", "1.79·N^−0.713·D^0.307 (Li et al. 2025)");
    settings.put("most repeats", "4");
    return new Provenance(
        "how-much-rephrased",
        shares,
        List.copyOf(corpora.values()),
        held,
        "trained byte-level BPE, 5f0c9a",
        4096,
        "dl4j",
        "nd4j-native, 2 threads",
        mixtures.isEmpty() ? "natural" : mixtures.keySet().iterator().next(),
        questions,
        settings,
        warnings,
        Optional.empty());
  }

  private static TextFacts corpus(String name) {
    CorpusKind kind =
        switch (name) {
          case "natural" -> CorpusKind.NATURAL;
          case "paraphrased" -> CorpusKind.REPHRASED;
          default -> CorpusKind.OTHER;
        };
    Optional<String> generator =
        kind.synthetic() ? Optional.of("generator of " + name) : Optional.empty();
    return new TextFacts(
        name,
        kind,
        generator,
        18_204,
        5_120_000,
        19_870_112,
        kind.synthetic() ? 0 : 3,
        "a1" + name);
  }

  List<RunResult> runs() {
    List<RunResult> runs = new ArrayList<>();
    SplittableRandom noise = new SplittableRandom(7);
    String baseline = provenance().baseline();
    mixtures.forEach(
        (name, learner) ->
            models.forEach(
                (model, params) -> {
                  for (int seed = 0; seed < (name.equals(baseline) ? baselineSeeds : 1); seed++) {
                    double shift = 0.004 * noise.nextGaussian();
                    for (long budget : budgets) {
                      RunKey key = new RunKey(name, model, new Tokens(budget), seed);
                      runs.add(run(key, params, learner, shift, noise));
                    }
                  }
                }));
    return runs;
  }

  /** Returns the run with additional measurements of multiple-choice tests. */
  static RunResult with(RunResult r, List<Measurement> answers) {
    List<Measurement> all = new ArrayList<>(r.measurements());
    all.addAll(answers);
    return r.at(r.key(), r.failure(), all);
  }

  private RunResult run(
      RunKey key, long params, Learner learner, double shift, SplittableRandom noise) {
    Optional<RunFailure> end = failure.apply(key);
    boolean completed = end.isEmpty();
    long tokens = key.budget().count() / 8192 * 8192;
    Map<String, Double> achieved = new LinkedHashMap<>();
    Map<String, Double> repeats = new LinkedHashMap<>();
    learner
        .shares()
        .forEach(
            (corpus, share) -> {
              achieved.put(corpus, share == 1 ? 1 : share + 1e-5 * Math.signum(share - 0.5));
              repeats.put(corpus, share * tokens / 5_120_000);
            });
    return new RunResult(
        key,
        "sha256:" + key,
        end,
        params,
        params + 4096L * 192,
        tokens,
        6.0 * params * tokens,
        6.9 * params * tokens,
        learner.shares(),
        achieved,
        repeats,
        0.0041,
        16,
        completed ? OptionalDouble.of(3.4) : OptionalDouble.empty(),
        completed ? Losses.of(losses(key, params, learner, shift, noise)) : List.of(),
        12.25);
  }

  private List<DomainLoss> losses(
      RunKey key, long params, Learner learner, double shift, SplittableRandom noise) {
    List<DomainLoss> losses = new ArrayList<>();
    int index = 0;
    for (Map.Entry<String, Integer> domain : domains.entrySet()) {
      double floor = 1.6 + 0.25 * (index % 5) + learner.floor() * (1 + 0.15 * (index % 3));
      double loss =
          floor
              + 25 * Math.pow(params, -0.3)
              + 160 * Math.pow(key.budget().count() * learner.speed(), -0.36)
              + shift
              + 0.002 * noise.nextGaussian();
      // the length and difficulty of a document are the same in all runs
      SplittableRandom text = new SplittableRandom(index);
      List<DocumentLoss> documents = new ArrayList<>();
      for (int d = 0; d < domain.getValue(); d++) {
        int tokens = 60 + text.nextInt(700);
        double own = loss + 0.35 * text.nextGaussian() + 0.03 * noise.nextGaussian();
        documents.add(new DocumentLoss(own * tokens, tokens, 4 * tokens));
      }
      losses.add(loss(domain.getKey(), documents));
      index++;
    }
    return losses;
  }

  private static DomainLoss loss(String domain, List<DocumentLoss> documents) {
    double nats = documents.stream().mapToDouble(DocumentLoss::nats).sum();
    double tokens = documents.stream().mapToDouble(DocumentLoss::tokens).sum();
    double bytes = documents.stream().mapToDouble(DocumentLoss::bytes).sum();
    double wide = 0.7 / Math.sqrt(documents.size());
    double perToken = nats / tokens;
    double perByte = nats / (Math.log(2) * bytes);
    return new DomainLoss(
        domain,
        documents,
        Estimate.of(perToken, perToken - wide, perToken + wide),
        Estimate.of(perByte, perByte - wide / 3, perByte + wide / 3));
  }
}
