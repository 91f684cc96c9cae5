package dev.mixlaw.eval.mixture;

import dev.mixlaw.api.results.CorpusKind;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.Findings;
import dev.mixlaw.api.results.Measurement;
import dev.mixlaw.api.results.Metric;
import dev.mixlaw.api.results.Provenance;
import dev.mixlaw.api.results.RunFailure;
import dev.mixlaw.api.results.RunKey;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.results.TextFacts;
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
import java.util.function.ToDoubleBiFunction;

/**
 * Builds findings of a simulated study of corpora a, b and c with two domains, whose losses are the
 * given functions of the shares.
 */
final class Found {
  static final ToDoubleBiFunction<double[], TrainingScale> NEAR_A = Simulated.bowl(0.6, 0.3, 0.1);
  static final ToDoubleBiFunction<double[], TrainingScale> NEAR_B = Simulated.bowl(0.4, 0.5, 0.1);

  private final Map<String, Map<String, Double>> mixtures = new LinkedHashMap<>();
  private final List<RunResult> runs = new ArrayList<>();
  private final SplittableRandom random;
  private final double noise;
  private boolean bytesKnown = true;

  Found(double noise, long seed) {
    this.noise = noise;
    this.random = new SplittableRandom(seed);
  }

  /** Makes the number of bytes of the texts unknown. */
  Found withoutBytes() {
    bytesKnown = false;
    return this;
  }

  /**
   * Adds runs of a mixture with seeds from 0, 1M parameters and a budget of 1M tokens, of which
   * 990k are trained.
   */
  Found mixture(String name, int seeds, double... shares) {
    return mixture(name, 0, seeds, 0, shares);
  }

  /**
   * Adds runs of a mixture with seeds from {@code first} to {@code end - 1}, whose losses are
   * raised by {@code higher}.
   */
  Found mixture(String name, int first, int end, double higher, double... shares) {
    for (int seed = first; seed < end; seed++) {
      run(name, "1M", 1_000_000, seed, higher, Optional.empty(), shares);
    }
    return this;
  }

  Found run(
      String name,
      String model,
      long params,
      int seed,
      double higher,
      Optional<RunFailure> failure,
      double... shares) {
    Map<String, Double> by = new LinkedHashMap<>();
    for (int j = 0; j < shares.length; j++) {
      if (shares[j] > 0) {
        by.put(List.of("a", "b", "c").get(j), shares[j]);
      }
    }
    mixtures.put(name, by);
    double error = higher + noise * random.nextGaussian();
    runs.add(
        new RunResult(
            new RunKey(name, model, Tokens.tokens("1M"), seed),
            name + seed,
            failure,
            params,
            2 * params,
            990_000,
            1,
            1,
            by,
            by,
            Map.of(),
            0.01,
            8,
            OptionalDouble.empty(),
            failure.isEmpty()
                ? measured(
                    loss("x", NEAR_A.applyAsDouble(shares, TrainingScale.UNSAID) + error),
                    loss("y", NEAR_B.applyAsDouble(shares, TrainingScale.UNSAID) + error))
                : List.of(),
            1));
    return this;
  }

  private List<Measurement> measured(DomainLoss... losses) {
    return Losses.of(List.of(losses)).stream()
        .filter(m -> bytesKnown || !m.metric().equals(Metric.BITS_PER_BYTE))
        .toList();
  }

  private DomainLoss loss(String domain, double nats) {
    return new DomainLoss(
        domain,
        List.of(new DocumentLoss(100 * nats, 100, 400)),
        Estimate.of(nats, nats, nats),
        Estimate.of(nats / 4, nats / 4, nats / 4));
  }

  Findings findings() {
    return new StudyAnalyst()
        .analyze(
            new Provenance(
                "found",
                mixtures,
                List.of(facts("a", 100_000), facts("b", 1_000_000), facts("c", 0)),
                List.of(),
                "bpe",
                1024,
                "none",
                "none",
                mixtures.keySet().iterator().next(),
                List.of(),
                Map.of(),
                List.of(),
                Optional.empty()),
            runs);
  }

  private static TextFacts facts(String name, long tokens) {
    return new TextFacts(
        name, CorpusKind.NATURAL, Optional.empty(), 10, tokens, 4 * tokens, 0, "x");
  }
}
