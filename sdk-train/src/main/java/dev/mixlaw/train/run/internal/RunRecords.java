package dev.mixlaw.train.run.internal;

import dev.mixlaw.api.results.ChoiceAccuracy;
import dev.mixlaw.api.results.DomainLoss;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.results.RunResult.Outcome;
import dev.mixlaw.api.spi.PreparedData;
import dev.mixlaw.api.spi.TokenSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Says what became of the runs of a trunk, in the words of {@link RunResult}. */
final class RunRecords {
  private final Trunk trunk;
  private final PreparedData data;

  RunRecords(Trunk trunk, PreparedData data) {
    this.trunk = trunk;
    this.data = data;
  }

  /** Whether a run needs no more training: it was measured, or diverged as it would again. */
  static boolean settled(@Nullable RunResult result) {
    return result != null && !(result.outcome() instanceof Outcome.Failed);
  }

  RunResult completed(
      Trunk.Point point,
      String identity,
      List<DomainLoss> losses,
      List<ChoiceAccuracy> choices,
      OptionalDouble trainingLoss,
      double seconds) {
    return result(point, identity, new Outcome.Completed(), losses, choices, trainingLoss, seconds);
  }

  RunResult unfinished(
      Trunk.Point point,
      String identity,
      Outcome outcome,
      OptionalDouble trainingLoss,
      double seconds) {
    return result(point, identity, outcome, List.of(), List.of(), trainingLoss, seconds);
  }

  private RunResult result(
      Trunk.Point point,
      String identity,
      Outcome outcome,
      List<DomainLoss> losses,
      List<ChoiceAccuracy> choices,
      OptionalDouble trainingLoss,
      double seconds) {
    long tokens = trunk.tokens(point);
    long parameters = trunk.model().nonEmbeddingParameters();
    TokenSource source =
        data.source(trunk.mixture(), trunk.model().context(), Seeds.order(trunk.seed()));
    return new RunResult(
        point.key(),
        identity,
        outcome,
        parameters,
        trunk.model().parameters(trunk.rows()),
        tokens,
        6.0 * parameters * tokens,
        trunk.model().trainingFlopsPerToken(trunk.rows()) * tokens,
        trunk.mixture().shares(),
        achieved(source, trunk.sequences(point)),
        repeats(source, trunk.sequences(point)),
        trunk.learningRate(),
        trunk.batchSequences(),
        trainingLoss,
        losses,
        choices,
        seconds);
  }

  private static Map<String, Double> achieved(TokenSource source, long sequences) {
    Map<String, Double> shares = new LinkedHashMap<>();
    source.counts(sequences).forEach((corpus, n) -> shares.put(corpus, (double) n / sequences));
    return shares;
  }

  /** How often a run sees each sequence of each corpus. */
  static Map<String, Double> repeats(TokenSource source, long sequences) {
    Map<String, Long> available = source.available();
    Map<String, Double> repeats = new LinkedHashMap<>();
    source
        .counts(sequences)
        .forEach((corpus, n) -> repeats.put(corpus, (double) n / available.get(corpus)));
    return repeats;
  }
}
