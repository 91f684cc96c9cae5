package dev.mixlaw.train.run;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.MultipleChoice;
import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.internal.Hashing;
import dev.mixlaw.api.internal.spi.PreparedData;
import dev.mixlaw.api.spi.DomainEvaluator;
import dev.mixlaw.api.spi.TokenizedText;
import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.train.storage.JsonRecords;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.ToIntFunction;

/**
 * Computes identities of trunks, runs and measurements. An identity is the SHA-256 digest of
 * everything on which the results depend. Two runs with the same identity give bit-identical
 * results on the same kind of device.
 *
 * <p>The digest is computed from a JSON object on one line, with sorted {@code snake_case} keys and
 * with numbers as Java formats them. A setting that was added in a later version is included only
 * if it differs from the earlier behavior, so that old identities remain valid. The names of
 * corpora are included, because the order of the text depends on them. The names of mixtures,
 * models and studies are not included.
 */
final class RunIdentities {
  private static final int FORMAT = 3;

  private final TrainingEngine engine;
  private final ToIntFunction<RunJob> threads;
  private final PreparedData data;
  private final Map<String, String> corpora = new LinkedHashMap<>();

  /**
   * Creates the identities of a study's runs.
   *
   * @param threads number of threads per job, on which the order of summation depends
   */
  RunIdentities(PreparedData data, TrainingEngine engine, ToIntFunction<RunJob> threads) {
    this.data = data;
    this.engine = engine;
    this.threads = threads;
    data.corpora().forEach(c -> corpora.put(c.facts().name(), c.facts().fingerprint()));
  }

  /** Returns the identity of a trunk, which does not depend on the budgets. */
  String of(RunJob job) {
    return hash(trunk(job));
  }

  String of(RunJob job, RunJob.Branch branch) {
    Map<String, Object> run = trunk(job);
    run.put("steps", branch.steps());
    OptionalDouble floor = job.recipe().schedule().floor();
    if (floor.isPresent()) {
      run.put("cosine_floor", floor.getAsDouble());
    } else {
      run.put("decay_from_step", branch.branchStep());
    }
    return hash(run);
  }

  /** Returns the identity of the losses on a domain, which is unique within a run. */
  static String of(DomainEvaluator evaluator, TokenizedText domain) {
    return measurement(1, "domain", domain.facts().fingerprint(), evaluator);
  }

  /** Returns the identity of the accuracy on a test, which is unique within a run. */
  static String of(DomainEvaluator evaluator, MultipleChoice test) {
    return measurement(2, "test", test.fingerprint(), evaluator);
  }

  private static String measurement(int format, String kind, String of, DomainEvaluator evaluator) {
    return hash(
        new TreeMap<>(Map.of("format", format, kind, of, "evaluator", evaluator.version())));
  }

  private Map<String, Object> trunk(RunJob job) {
    Map<String, Object> trunk = new TreeMap<>();
    trunk.put("format", FORMAT);
    trunk.put("engine", engine.name());
    trunk.put("engine_version", engine.version());
    trunk.put("threads", threads.applyAsInt(job));
    trunk.put("tokenizer", data.tokenizer().fingerprint());
    trunk.put("end_of_text", data.tokenizer().endOfText());
    List<Map<String, Object>> parts = new ArrayList<>();
    job.shares()
        .forEach(
            (corpus, share) ->
                parts.add(
                    new TreeMap<>(
                        Map.of(
                            "name", corpus, "fingerprint", corpora.get(corpus), "share", share))));
    trunk.put("corpora", parts);
    trunk.put("model", model(job.model(), job.rows()));
    trunk.put("seed", job.seed());
    Recipe recipe = job.recipe();
    int first = job.batches().of(0);
    trunk.put("batch_sequences", recipe.batch().isPresent() ? first : "rule 1");
    trunk.put("learning_rate", recipe.learningRate(job.model(), first));
    trunk.put("rate_grows_with_batch", recipe.learningRate().isEmpty());
    trunk.put("warmup_steps", recipe.schedule().warmup());
    trunk.put("weight_decay", recipe.weightDecay());
    trunk.put("beta1", recipe.beta1());
    trunk.put("beta2", recipe.beta2());
    trunk.put("epsilon", recipe.epsilon());
    trunk.put("clip_norm", recipe.clipNorm());
    job.start().ifPresent(start -> trunk.put("starts_from", start.digest()));
    return trunk;
  }

  private static Map<String, Object> model(ModelSpec model, int rows) {
    Map<String, Object> shape = new TreeMap<>();
    shape.put("width", model.width());
    shape.put("layers", model.layers());
    shape.put("heads", model.heads());
    shape.put("key_value_heads", model.keyValueHeads());
    shape.put("feed_forward", model.feedForward());
    shape.put("context", model.context());
    shape.put("vocabulary", rows);
    shape.put("tied_head", model.tiedHead());
    shape.put("rope_theta", model.ropeTheta());
    shape.put("norm_epsilon", model.normEpsilon());
    if (model.qkNorm()) {
      shape.put("qk_norm", true);
    }
    return shape;
  }

  private static String hash(Map<String, Object> canonical) {
    try {
      return Hashing.sha256(JsonRecords.compact(canonical));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
