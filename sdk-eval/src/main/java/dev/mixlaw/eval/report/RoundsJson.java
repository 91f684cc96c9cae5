package dev.mixlaw.eval.report;

import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.Metric;
import dev.mixlaw.api.results.Refusal;
import dev.mixlaw.api.results.TextDiversity;
import dev.mixlaw.api.rounds.RoundFigures;
import dev.mixlaw.api.rounds.RoundKey;
import dev.mixlaw.api.rounds.RoundRun;
import dev.mixlaw.api.rounds.Rounds;
import dev.mixlaw.api.rounds.RoundsFindings;
import dev.mixlaw.api.rounds.RoundsPlan.PlannedModel;
import dev.mixlaw.api.rounds.Strategy;
import dev.mixlaw.api.rounds.WrittenText;
import dev.mixlaw.eval.report.JsonWriter.Row;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

final class RoundsJson {
  /** Version of the keys and their meaning. It increases if a key changes or is removed. */
  private static final int SCHEMA = 1;

  private RoundsJson() {}

  static byte[] of(RoundsFindings findings) {
    Rounds r = findings.rounds();
    return new JsonWriter(Map.of())
        .document(
            new Row()
                .with("schema", SCHEMA)
                .with("name", r.name())
                .with("engine", findings.plan().round0().engine())
                .with("device", findings.plan().round0().device())
                .with("corpus", r.corpus().name())
                .with("model", r.model().orElseThrow().name())
                .with("tokens", r.tokens().orElseThrow())
                .with("rounds", r.rounds())
                .with("seeds", r.seeds())
                .with(
                    "writing",
                    new Row()
                        .with("prompt_tokens", r.writing().promptTokens())
                        .with("temperature", r.writing().temperature())
                        .with("top_p", r.writing().topP())
                        .with("max_tokens", r.writing().maxTokens())
                        .with("tokens", r.writtenTokens()))
                .with(
                    "strategies",
                    ResultsJson.rows(
                        List.copyOf(findings.figures().keySet()), s -> strategy(findings, s)))
                .with("models", ResultsJson.rows(findings.runs(), run -> model(findings, run)))
                .with("warnings", findings.warnings()));
  }

  private static Row strategy(RoundsFindings findings, Strategy s) {
    return new Row()
        .with("strategy", s.toString())
        .with("verdict", findings.verdicts().get(s))
        .with("rounds", ResultsJson.rows(findings.figures().get(s), RoundsJson::round));
  }

  private static Row round(RoundFigures f) {
    return new Row()
        .with("round", f.round())
        .with("seeds", f.seeds())
        .with("loss_nats_per_token", f.loss())
        .with("change_nats_per_token", f.change())
        .with("change_by_domain", f.changeByDomain())
        .with("diversity", f.diversity().map(RoundsJson::diversity));
  }

  private static Row diversity(TextDiversity d) {
    Row row = new Row().with("words", d.words());
    d.figures().forEach((measure, e) -> row.with(measure.key(), e));
    return row;
  }

  private static Row model(RoundsFindings findings, RoundRun run) {
    RoundKey key = run.key();
    PlannedModel planned =
        findings.plan().models().stream()
            .filter(m -> m.key().equals(key))
            .findFirst()
            .orElseThrow();
    Map<String, Estimate> losses = new LinkedHashMap<>();
    run.result()
        .measurements(Metric.NATS_PER_TOKEN)
        .forEach(m -> losses.put(m.subject(), m.value()));
    return new Row()
        .with("strategy", key.strategy().map(Strategy::toString).orElse("natural"))
        .with("round", key.round())
        .with("seed", key.seed())
        .with("identity", run.result().identity())
        .with("completed", run.result().completed())
        .with("tokens", run.result().tokens())
        .with("flops", run.result().exactFlops())
        .with("seconds", run.result().seconds())
        .with("shares", planned.shares())
        .with("nats_per_token", losses)
        .with("text", run.text().map(RoundsJson::text));
  }

  private static Row text(WrittenText t) {
    return new Row()
        .with("file", t.file().toString())
        .with("documents", t.documents())
        .with("dropped", t.dropped())
        .with("tokens", t.tokens())
        .with("flops", t.flops())
        .with("seconds", t.seconds())
        .with("diversity", t.diversity().toOptional().map(RoundsJson::diversity))
        .with("diversity_refused", t.diversity().toRefusal().map(Refusal::toString));
  }
}
