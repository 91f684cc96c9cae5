package dev.mixlaw.eval.report;

import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.BestShare;
import dev.mixlaw.api.results.BestShareMap;
import dev.mixlaw.api.results.Collapse;
import dev.mixlaw.api.results.Comparison;
import dev.mixlaw.api.results.DecisionAccuracy;
import dev.mixlaw.api.results.DomainLoss;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.Findings;
import dev.mixlaw.api.results.FittedLaw;
import dev.mixlaw.api.results.GeneratorEffect;
import dev.mixlaw.api.results.MeanLoss;
import dev.mixlaw.api.results.Provenance;
import dev.mixlaw.api.results.Refusal;
import dev.mixlaw.api.results.RunKey;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.results.Speedup;
import dev.mixlaw.api.results.TextFacts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** Findings as {@code results.json} and {@code runs.jsonl}. */
final class ResultsJson {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN).build();

  private ResultsJson() {}

  static byte[] results(Findings findings) {
    Provenance from = findings.provenance();
    ObjectNode root = NODES.objectNode();
    root.put("study", from.study());
    root.put("engine", from.engine());
    root.put("device", from.device());
    root.put("tokenizer", from.tokenizer());
    root.put("vocabulary", from.vocabulary());
    root.put("baseline", from.baseline());
    ObjectNode settings = root.putObject("settings");
    from.settings().forEach(settings::put);
    ArrayNode mixtures = root.putArray("mixtures");
    from.mixtures().forEach((name, shares) -> mixtures.add(shares(name, shares)));
    each(root, "corpora", from.corpora(), ResultsJson::text);
    each(root, "domains", from.domains(), ResultsJson::text);
    ArrayNode losses = root.putArray("losses");
    findings
        .runs()
        .forEach(run -> run.losses().forEach(loss -> loss(losses.addObject(), run.key(), loss)));
    findings.means().forEach(mean -> averages(losses, mean));
    each(root, "outcomes", findings.runs(), ResultsJson::outcome);
    each(
        root,
        "seed_spread",
        List.copyOf(SeedSpread.of(findings).byBudget().entrySet()),
        (node, e) -> {
          node.put("budget", e.getKey().count());
          number(node, "nats_per_token", e.getValue());
        });
    each(root, "comparisons", findings.comparisons(), ResultsJson::comparison);
    each(root, "laws", findings.laws(), ResultsJson::law);
    each(root, "best_share", findings.bestShares(), ResultsJson::bestShare);
    each(root, "speedup", findings.speedups(), ResultsJson::speedup);
    each(root, "best_share_map", findings.bestShareMaps(), ResultsJson::shareMap);
    each(root, "collapse", findings.collapses(), ResultsJson::collapse);
    each(root, "decision_accuracy", findings.decisionAccuracies(), ResultsJson::decision);
    each(root, "generator_effect", findings.generatorEffects(), ResultsJson::generator);
    WordsJson.add(root, findings);
    ChoicesJson.add(root, findings);
    each(root, "refused", findings.refusals(), ResultsJson::refusal);
    ArrayNode warnings = root.putArray("warnings");
    from.warnings().forEach(warnings::add);
    try {
      return (MAPPER
                  .writer(
                      new DefaultPrettyPrinter()
                          .withObjectIndenter(
                              new com.fasterxml.jackson.core.util.DefaultIndenter("  ", "\n")))
                  .writeValueAsString(root)
              + "\n")
          .getBytes(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("a tree in memory cannot fail to be written", e);
    }
  }

  static byte[] runs(Findings findings) {
    StringBuilder lines = new StringBuilder();
    findings.runs().forEach(run -> lines.append(run(run)).append('\n'));
    return lines.toString().getBytes(StandardCharsets.UTF_8);
  }

  static <T> void each(
      ObjectNode root, String name, List<T> values, BiConsumer<ObjectNode, T> writer) {
    ArrayNode array = root.putArray(name);
    values.forEach(value -> writer.accept(array.addObject(), value));
  }

  private static ObjectNode shares(String name, Map<String, Double> shares) {
    ObjectNode node = NODES.objectNode();
    node.put("name", name);
    numbers(node.putObject("shares"), shares);
    return node;
  }

  private static void numbers(ObjectNode node, Map<String, Double> values) {
    new TreeMap<>(values).forEach((name, value) -> number(node, name, value));
  }

  /** JSON has no infinity and no NaN: null says that there is no such number. */
  static void number(ObjectNode node, String name, double value) {
    if (Double.isFinite(value)) {
      node.put(name, value);
    } else {
      node.putNull(name);
    }
  }

  private static void text(ObjectNode node, TextFacts facts) {
    node.put("name", facts.name());
    node.put("kind", facts.kind().name().toLowerCase(java.util.Locale.ROOT));
    facts.generator().ifPresent(g -> node.put("generator", g));
    node.put("documents", facts.documents());
    node.put("tokens", facts.tokens());
    node.put("bytes", facts.bytes());
    node.put("skipped", facts.skipped());
    node.put("fingerprint", facts.fingerprint());
  }

  static void key(ObjectNode node, RunKey key) {
    node.put("mixture", key.mixture());
    node.put("model", key.model());
    node.put("budget", key.budget().count());
    node.put("seed", key.seed());
  }

  private static void loss(ObjectNode node, RunKey key, DomainLoss loss) {
    loss(node, key, loss.domain(), loss.natsPerToken(), loss.bitsPerByte());
  }

  private static void averages(ArrayNode losses, MeanLoss mean) {
    loss(
        losses.addObject(), mean.key(), "macro", mean.macroNatsPerToken(), mean.macroBitsPerByte());
    loss(
        losses.addObject(), mean.key(), "micro", mean.microNatsPerToken(), mean.microBitsPerByte());
  }

  private static void loss(
      ObjectNode node, RunKey key, String domain, Estimate nats, Estimate bits) {
    key(node, key);
    node.put("domain", domain);
    number(node, "nats_per_token", nats.value());
    number(node, "bits_per_byte", bits.value());
    number(node, "low", nats.interval().low());
    number(node, "high", nats.interval().high());
    number(node, "bits_per_byte_low", bits.interval().low());
    number(node, "bits_per_byte_high", bits.interval().high());
  }

  private static void outcome(ObjectNode node, RunResult run) {
    key(node, run.key());
    node.put(
        "outcome", run.outcome().getClass().getSimpleName().toLowerCase(java.util.Locale.ROOT));
    if (run.outcome() instanceof RunResult.Outcome.Diverged diverged) {
      node.put("step", diverged.step());
      node.put("reason", diverged.reason());
    } else if (run.outcome() instanceof RunResult.Outcome.Failed failed) {
      node.put("reason", failed.reason());
    }
    node.put("tokens", run.tokens());
    node.put("params", run.nonEmbeddingParameters());
    numbers(node.putObject("asked_shares"), run.askedShares());
    numbers(node.putObject("achieved_shares"), run.achievedShares());
    numbers(node.putObject("repeats"), run.repeats());
  }

  private static String run(RunResult run) {
    ObjectNode node = NODES.objectNode();
    outcome(node, run);
    node.put("identity", run.identity());
    node.put("parameters", run.parameters());
    number(node, "flops", run.flops());
    number(node, "exact_flops", run.exactFlops());
    number(node, "learning_rate", run.learningRate());
    node.put("batch_sequences", run.batchSequences());
    run.trainingLoss().ifPresent(loss -> number(node, "training_loss", loss));
    number(node, "seconds", run.seconds());
    ObjectNode losses = node.putObject("nats_per_token");
    run.losses().forEach(loss -> number(losses, loss.domain(), loss.natsPerToken().value()));
    return node.toString();
  }

  static void estimate(ObjectNode node, Estimate estimate) {
    number(node, "value", estimate.value());
    number(node, "low", estimate.interval().low());
    number(node, "high", estimate.interval().high());
  }

  private static void comparison(ObjectNode node, Comparison c) {
    node.put("mixture", c.mixture());
    node.put("baseline", c.baseline());
    node.put("model", c.model());
    node.put("budget", c.budget().count());
    node.put("domain", c.domain());
    estimate(node.putObject("difference_nats_per_token"), c.difference());
    node.put("decided", c.decided());
    node.put("documents", c.documents());
  }

  private static void law(ObjectNode node, FittedLaw law) {
    node.put("form", law.form());
    node.put("mixture", law.mixture());
    node.put("domain", law.domain());
    law.model().ifPresent(m -> node.put("model", m));
    law.budget().ifPresent(b -> node.put("budget", b.count()));
    ObjectNode parameters = node.putObject("parameters");
    law.parameters().forEach((name, value) -> estimate(parameters.putObject(name), value));
    number(node, "objective", law.objective());
    number(node, "r2", law.r2());
    node.put("status", law.status().name().toLowerCase(java.util.Locale.ROOT));
    node.put("n", law.points());
    law.heldOut().ifPresent(error -> number(node, "held_out_relative_error", error));
    ArrayNode warnings = node.putArray("warnings");
    law.warnings().forEach(warnings::add);
  }

  private static void bestShare(ObjectNode node, BestShare best) {
    node.put("corpus", best.corpus());
    node.put("domain", best.domain());
    node.put("params", best.params().count());
    node.put("tokens", best.tokens().count());
    node.put("share", best.share());
    number(node, "low", best.interval().low());
    number(node, "high", best.interval().high());
    number(node, "as_good_low", best.asGood().low());
    number(node, "as_good_high", best.asGood().high());
    node.put("basis", best.basis().name().toLowerCase(java.util.Locale.ROOT));
    ArrayNode losses = node.putArray("losses");
    best.lossByShare()
        .forEach(
            (share, loss) -> {
              ObjectNode row = losses.addObject();
              row.put("share", share);
              estimate(row, loss);
            });
  }

  private static void shareMap(ObjectNode node, BestShareMap map) {
    node.put("corpus", map.corpus());
    node.put("domain", map.domain());
    number(node, "max_repeats", map.maxRepeats());
    each(node, "cells", map.cells(), ResultsJson::shareCell);
    each(node, "laws", map.laws(), ResultsJson::law);
  }

  private static void shareCell(ObjectNode node, BestShareMap.Cell cell) {
    node.put("params", cell.params().count());
    node.put("tokens", cell.tokens().count());
    bestShare(node.putObject("measured"), cell.measured());
    bestShare(node.putObject("fitted"), cell.fitted());
    cell.allowed()
        .ifPresent(
            allowed -> {
              number(node, "allowed_low", allowed.low());
              number(node, "allowed_high", allowed.high());
            });
    bestShare(node.putObject("within_repeats"), cell.within());
  }

  private static void bestShare(ObjectNode node, Answer<BestShare> answer) {
    if (answer instanceof Answer.Refused<BestShare> refused) {
      refusal(node, refused.refusal());
    } else if (answer instanceof Answer.Known<BestShare> known) {
      bestShare(node, known.value());
      ArrayNode warnings = node.putArray("warnings");
      known.warnings().forEach(warnings::add);
    }
  }

  private static void generator(ObjectNode node, GeneratorEffect effect) {
    node.put("generator", effect.generator());
    node.put("other", effect.other());
    node.put("mixture", effect.mixture());
    node.put("other_mixture", effect.otherMixture());
    node.put("model", effect.model());
    node.put("budget", effect.budget().count());
    node.put("domain", effect.domain());
    estimate(node.putObject("difference_nats_per_token"), effect.difference());
    node.put("decided", effect.decided());
  }

  private static void speedup(ObjectNode node, Speedup speedup) {
    node.put("mixture", speedup.mixture());
    node.put("baseline", speedup.baseline());
    node.put("domain", speedup.domain());
    node.put("params", speedup.params().count());
    node.put("tokens", speedup.tokens().count());
    ratio(node.putObject("fitted"), speedup.fitted());
    ratio(node.putObject("measured"), speedup.measured());
  }

  private static void ratio(ObjectNode node, Answer<Speedup.Ratio> answer) {
    if (answer instanceof Answer.Refused<Speedup.Ratio> refused) {
      refusal(node, refused.refusal());
    } else if (answer instanceof Answer.Known<Speedup.Ratio> known) {
      if (known.value() instanceof Speedup.Ratio.Times times) {
        number(node, "value", times.value());
        number(node, "low", times.low());
        number(node, "high", times.high());
      } else if (known.value() instanceof Speedup.Ratio.Never never) {
        node.put("value", "never");
        number(node, "resamples", never.resamples());
      }
      ArrayNode warnings = node.putArray("warnings");
      known.warnings().forEach(warnings::add);
    }
  }

  private static void collapse(ObjectNode node, Collapse collapse) {
    node.put("mixture", collapse.mixture());
    node.put("baseline", collapse.baseline());
    node.put("model", collapse.model());
    node.put("verdict", collapse.verdict().outcome().name().toLowerCase(java.util.Locale.ROOT));
    node.put("reason", collapse.verdict().reason());
    collapse.verdict().firstViolation().ifPresent(first -> node.put("first_violation", first));
  }

  private static void decision(ObjectNode node, DecisionAccuracy decision) {
    node.put("params", decision.params().count());
    node.put("tokens", decision.tokens().count());
    node.put("target_params", decision.targetParams().count());
    node.put("target_tokens", decision.targetTokens().count());
    node.put("mixtures", decision.mixtures());
    number(node, "accuracy", decision.accuracy().value());
    number(node, "low", decision.accuracy().interval().low());
    number(node, "high", decision.accuracy().interval().high());
    node.put("winner", decision.winner());
    node.put("target_winner", decision.targetWinner());
    number(node, "regret", decision.regret());
  }

  static void refusal(ObjectNode node, Refusal refusal) {
    node.put("question", refusal.question());
    node.put("reason", refusal.reason());
    node.put("remedy", refusal.remedy());
  }
}
