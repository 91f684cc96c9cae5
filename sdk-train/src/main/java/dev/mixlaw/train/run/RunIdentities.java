package dev.mixlaw.train.run;

import dev.mixlaw.api.Mixture;
import dev.mixlaw.api.MultipleChoice;
import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.internal.Hashing;
import dev.mixlaw.api.internal.spi.PreparedData;
import dev.mixlaw.api.spi.TokenizedText;
import dev.mixlaw.api.spi.TrainingEngine;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Computes identities of trunks and runs: the SHA-256 of everything that determines their results.
 * Two runs with the same identity are bit-identical on the same device.
 */
final class RunIdentities {
  /** Version of training itself; incremented when this package trains differently. */
  private static final int FORMAT = 3;

  private final TrainingEngine engine;
  private final int threads;
  private final PreparedData data;
  private final List<MultipleChoice> tests;
  private final Map<String, String> corpora = new LinkedHashMap<>();

  /**
   * Creates identities of a study's runs.
   *
   * @param threads of a session, which determine the order of summation
   */
  RunIdentities(PreparedData data, List<MultipleChoice> tests, TrainingEngine engine, int threads) {
    this.data = data;
    this.tests = tests;
    this.engine = engine;
    this.threads = threads;
    data.corpora().forEach(c -> corpora.put(c.facts().name(), c.facts().fingerprint()));
  }

  String of(RunJob job) {
    return Hashing.sha256(text(job).toString());
  }

  String of(RunJob job, RunJob.Branch branch) {
    StringBuilder text = text(job);
    line(text, "schedule", job.recipe().schedule());
    line(text, "budget", branch.key().budget().count());
    line(text, "branch", branch.branchStep());
    line(text, "steps", branch.steps());
    for (TokenizedText domain : data.domains()) {
      line(text, "domain " + domain.facts().name(), domain.facts().fingerprint());
    }
    for (MultipleChoice test : tests) {
      line(text, "test " + test.name(), test.fingerprint());
    }
    return Hashing.sha256(text.toString());
  }

  private StringBuilder text(RunJob job) {
    StringBuilder text = new StringBuilder();
    line(text, "mixlaw run", FORMAT);
    line(text, "engine", engine.name());
    line(text, "engine version", engine.version());
    line(text, "threads", threads);
    line(text, "tokenizer", data.tokenizer().fingerprint());
    line(text, "end of text", data.tokenizer().endOfText());
    line(text, "mixture", job.mixture().name());
    for (Mixture.Part part : job.mixture().parts()) {
      String corpus = part.corpus().name();
      line(text, "corpus " + corpus, part.share() + " of " + corpora.get(corpus));
    }
    line(text, "model", job.model());
    line(text, "rows", job.rows());
    line(text, "seed", job.seed());
    Recipe recipe = job.recipe();
    line(text, "batch", recipe.batch());
    line(text, "learning rate", recipe.learningRate() + " by " + recipe.learningRateFactor());
    line(text, "warm-up", recipe.schedule().warmup());
    line(text, "weight decay", recipe.weightDecay());
    line(text, "beta1", recipe.beta1());
    line(text, "beta2", recipe.beta2());
    line(text, "epsilon", recipe.epsilon());
    line(text, "clip norm", recipe.clipNorm());
    return text;
  }

  private static void line(StringBuilder text, String name, Object value) {
    text.append(name).append(": ").append(value).append('\n');
  }
}
