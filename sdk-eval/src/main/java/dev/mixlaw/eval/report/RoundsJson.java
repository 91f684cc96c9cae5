package dev.mixlaw.eval.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.TextDiversity;
import dev.mixlaw.api.rounds.RoundFigures;
import dev.mixlaw.api.rounds.RoundKey;
import dev.mixlaw.api.rounds.RoundRun;
import dev.mixlaw.api.rounds.Rounds;
import dev.mixlaw.api.rounds.RoundsFindings;
import dev.mixlaw.api.rounds.RoundsPlan.PlannedModel;
import dev.mixlaw.api.rounds.Strategy;
import dev.mixlaw.api.rounds.StrategyFindings;
import dev.mixlaw.api.rounds.WrittenText;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Findings of rounds as {@code results.json}. */
final class RoundsJson {
  private RoundsJson() {}

  static byte[] of(RoundsFindings findings) {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    Rounds r = findings.rounds();
    root.put("name", r.name());
    root.put("engine", findings.plan().round0().engine());
    root.put("device", findings.plan().round0().device());
    root.put("corpus", r.corpus().name());
    root.put("model", r.model().orElseThrow().name());
    root.put("tokens", r.tokens().orElseThrow().count());
    root.put("rounds", r.rounds());
    root.put("seeds", r.seeds());
    ObjectNode writing = root.putObject("writing");
    writing.put("prompt_tokens", r.writing().promptTokens());
    writing.put("temperature", r.writing().temperature());
    writing.put("top_p", r.writing().topP());
    r.writing().maxTokens().ifPresent(most -> writing.put("max_tokens", most));
    writing.put("tokens", r.writtenTokens().count());
    ArrayNode strategies = root.putArray("strategies");
    findings.strategies().forEach(s -> strategy(strategies.addObject(), s));
    ArrayNode models = root.putArray("models");
    for (RoundRun run : findings.runs()) {
      PlannedModel planned =
          findings.plan().models().stream()
              .filter(m -> m.key().equals(run.key()))
              .findFirst()
              .orElseThrow();
      model(models.addObject(), run, planned);
    }
    ArrayNode warnings = root.putArray("warnings");
    findings.warnings().forEach(warnings::add);
    return (root.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private static void strategy(ObjectNode node, StrategyFindings s) {
    node.put("strategy", s.strategy().toString());
    ObjectNode verdict = node.putObject("verdict");
    verdict.put("outcome", s.verdict().outcome().name().toLowerCase(Locale.ROOT));
    verdict.put("reason", s.verdict().reason());
    s.verdict().firstViolation().ifPresent(v -> verdict.put("first_violation", v));
    ArrayNode rounds = node.putArray("rounds");
    for (RoundFigures f : s.rounds()) {
      ObjectNode round = rounds.addObject();
      round.put("round", f.round());
      round.put("seeds", f.seeds());
      ResultsJson.estimate(round.putObject("loss_nats_per_token"), f.loss());
      ResultsJson.estimate(round.putObject("change_nats_per_token"), f.change());
      ObjectNode domains = round.putObject("change_by_domain");
      f.changeByDomain().forEach((d, e) -> ResultsJson.estimate(domains.putObject(d), e));
      f.diversity().ifPresent(d -> diversity(round.putObject("diversity"), d));
    }
  }

  private static void diversity(ObjectNode node, TextDiversity d) {
    node.put("words", d.words());
    d.figures().forEach((measure, e) -> ResultsJson.estimate(node.putObject(measure.key()), e));
  }

  private static void model(ObjectNode node, RoundRun run, PlannedModel planned) {
    RoundKey key = run.key();
    node.put("strategy", key.strategy().map(Strategy::toString).orElse("natural"));
    node.put("round", key.round());
    node.put("seed", key.seed());
    node.put("identity", run.result().identity());
    node.put("completed", run.result().completed());
    node.put("tokens", run.result().tokens());
    node.put("flops", run.result().exactFlops());
    node.put("seconds", run.result().seconds());
    ObjectNode shares = node.putObject("shares");
    planned.shares().forEach(shares::put);
    ObjectNode losses = node.putObject("nats_per_token");
    run.result()
        .losses()
        .forEach(l -> ResultsJson.estimate(losses.putObject(l.domain()), l.natsPerToken()));
    run.text().ifPresent(t -> text(node.putObject("text"), t));
  }

  private static void text(ObjectNode node, WrittenText t) {
    node.put("file", t.file().toString());
    node.put("documents", t.documents());
    node.put("dropped", t.dropped());
    node.put("tokens", t.tokens());
    node.put("flops", t.flops());
    node.put("seconds", t.seconds());
    if (t.diversity() instanceof Answer.Known<TextDiversity> known) {
      diversity(node.putObject("diversity"), known.value());
    } else {
      node.put("diversity_refused", t.diversity().toString());
    }
  }
}
