package dev.mixlaw.train.rounds;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Plan;
import dev.mixlaw.api.Plan.PlannedRun;
import dev.mixlaw.api.rounds.RoundKey;
import dev.mixlaw.api.rounds.Rounds;
import dev.mixlaw.api.rounds.RoundsPlan;
import dev.mixlaw.api.rounds.RoundsPlan.PlannedModel;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.api.units.Tokens;
import dev.mixlaw.train.run.child.ChildJvm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Estimates the time, memory and disk space of rounds before they start. */
final class RoundsEstimate {
  /** Approximate disk space per generated token in bytes, for the text and its token shard. */
  private static final long BYTES_PER_TOKEN = 8;

  private final RoundsContext context;
  private final Plan round0;
  private final Rounds rounds;
  private final RoundMixtures mixtures;
  private final ModelSpec model;
  private final int rows;

  RoundsEstimate(RoundsContext context, Plan round0) {
    this.context = context;
    this.round0 = round0;
    this.rounds = context.rounds();
    this.mixtures = context.mixtures();
    this.model = rounds.model().orElseThrow();
    this.rows = context.natural().rows(model);
  }

  RoundsPlan plan() {
    List<PlannedModel> models = new ArrayList<>();
    double toTrain = 0;
    double toWrite = 0;
    PlannedRun first = round0.runs().get(0);
    for (RoundKey key : keys()) {
      boolean done = context.textStore(key).finished();
      PlannedModel planned = model(key, first, done);
      models.add(planned);
      if (!done) {
        toTrain += planned.budget().count();
        toWrite += planned.writes().count();
      }
    }
    long trained = models.stream().mapToLong(m -> m.budget().count()).sum();
    long written = models.stream().mapToLong(m -> m.writes().count()).sum();
    double flops = model.trainingFlopsPerToken(rows);
    TrainingEngine engine = context.engine();
    int threads = context.threads();
    long jvm = context.studies().childJvms().isPresent() ? ChildJvm.BYTES : 0;
    double trainSpeed = round0.workers() * engine.cost(session(first)).tokensPerSecond();
    TrainingEngine.Cost reading = engine.modelCost(model, rows, threads);
    // Engines that cannot generate text were rejected earlier.
    TrainingEngine.Cost writing = engine.writingCost(model, rows, threads).orElseThrow();
    return new RoundsPlan(
        round0,
        models,
        trained,
        written,
        trained * flops + written * flops / 3,
        Math.max(round0.memoryBytes(), reading.memoryBytes() + writing.memoryBytes() + jvm),
        models.size() * 4 * first.parameters() + written * BYTES_PER_TOKEN,
        Duration.ofSeconds(Math.round(toTrain / trainSpeed + toWrite / writing.tokensPerSecond())));
  }

  private SessionSpec session(PlannedRun first) {
    return new SessionSpec(
            model, rows, first.batchSequences(), rounds.recipe(), 0, round0.threadsPerWorker())
        .within(context.place().resources().memoryBytes() / round0.workers());
  }

  private List<RoundKey> keys() {
    List<RoundKey> keys = new ArrayList<>();
    for (int round = 0; round <= rounds.rounds(); round++) {
      keys.addAll(mixtures.round(round));
    }
    return keys;
  }

  private PlannedModel model(RoundKey key, PlannedRun first, boolean done) {
    Map<String, Double> shares = new LinkedHashMap<>();
    List<RoundKey> sources = mixtures.sources(key);
    double share = 1.0 / (sources.size() + (mixtures.natural(key) ? 1 : 0));
    Tokens budget = mixtures.budget(key);
    double repeats = 0;
    if (mixtures.natural(key)) {
      shares.put(rounds.corpus().name(), share);
      double whole = first.repeats().getOrDefault(rounds.corpus().name(), 0.0);
      repeats = whole * share * budget.count() / rounds.tokens().orElseThrow().count();
    }
    for (RoundKey source : sources) {
      shares.put(source.label(), share);
      repeats = Math.max(repeats, share * budget.count() / rounds.writtenTokens().count());
    }
    return new PlannedModel(key, budget, shares, repeats, rounds.writtenTokens(), done);
  }
}
