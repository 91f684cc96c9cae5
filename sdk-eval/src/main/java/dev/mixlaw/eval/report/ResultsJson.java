package dev.mixlaw.eval.report;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import com.fasterxml.jackson.databind.util.StdConverter;
import dev.mixlaw.api.results.BestShare;
import dev.mixlaw.api.results.BestShareMap;
import dev.mixlaw.api.results.ChoiceFinding;
import dev.mixlaw.api.results.Collapse;
import dev.mixlaw.api.results.Comparison;
import dev.mixlaw.api.results.DecisionAccuracy;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.Findings;
import dev.mixlaw.api.results.FittedLaw;
import dev.mixlaw.api.results.GeneratorEffect;
import dev.mixlaw.api.results.Interval;
import dev.mixlaw.api.results.MeanLoss;
import dev.mixlaw.api.results.Measurement;
import dev.mixlaw.api.results.Metric;
import dev.mixlaw.api.results.Provenance;
import dev.mixlaw.api.results.RateCheck;
import dev.mixlaw.api.results.RunFailure;
import dev.mixlaw.api.results.RunKey;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.results.Speedup;
import dev.mixlaw.api.results.WordComparison;
import dev.mixlaw.api.results.WordCorrelation;
import dev.mixlaw.api.units.Tokens;
import dev.mixlaw.eval.report.FindingsIndex.SeedSpread;
import dev.mixlaw.eval.report.JsonWriter.Range;
import dev.mixlaw.eval.report.JsonWriter.Row;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The content of {@code results.json} and {@code runs.jsonl} of a study. A row is either a {@link
 * Row} or a record whose components are the keys.
 */
final class ResultsJson {
  /** Version of the keys and their meaning. It increases if a key changes or is removed. */
  private static final int SCHEMA = 1;

  private ResultsJson() {}

  static byte[] results(Findings f) {
    Provenance from = f.provenance();
    Row document =
        new Row()
            .with("schema", SCHEMA)
            .with("study", from.study())
            .with("engine", from.engine())
            .with("device", from.device())
            .with("tokenizer", from.tokenizer())
            .with("vocabulary", from.vocabulary())
            .with("baseline", from.baseline())
            .with("settings", from.settings())
            .with("mixtures", rows(from.mixtures().entrySet(), ResultsJson::mixture))
            .with("corpora", from.corpora())
            .with("domains", from.domains())
            .with("losses", losses(f))
            .with("outcomes", rows(f.runs(), ResultsJson::outcome))
            .with("seed_spread", rows(SeedSpread.of(f).byBudget().entrySet(), e -> spread(f, e)))
            .with("primary", f.primary())
            .with("comparisons", f.comparisons())
            .with("laws", f.laws())
            .with("best_share", f.bestShares())
            .with("speedup", f.speedups())
            .with("best_share_map", f.bestShareMaps())
            .with("collapse", f.collapses())
            .with("decision_accuracy", rows(f.decisionAccuracies(), ResultsJson::decision))
            .with("rate_check", rows(f.rateChecks(), ResultsJson::rateCheck))
            .with("generator_effect", f.generatorEffects())
            .with("words", from.words());
    if (from.words().isPresent()) {
      document.with("word_correlation", rows(f.wordCorrelations(), ResultsJson::correlation));
    }
    if (!f.choices().isEmpty()) {
      document
          .with("accuracies", accuracies(f))
          .with("accuracy_by_mixture", accuracies(f.choices()));
    }
    return WRITER.document(
        document.with("refused", f.refusals()).with("warnings", from.warnings()));
  }

  static byte[] runs(Findings findings) {
    return findings.runs().stream()
        .map(run -> WRITER.line(run(run)) + "\n")
        .collect(Collectors.joining())
        .getBytes(StandardCharsets.UTF_8);
  }

  static <T> List<Row> rows(Collection<T> values, Function<T, Row> row) {
    return values.stream().map(row).toList();
  }

  private static Row mixture(Map.Entry<String, Map<String, Double>> mixture) {
    return new Row()
        .with("name", mixture.getKey())
        .with("shares", new TreeMap<>(mixture.getValue()));
  }

  private static Row spread(Findings findings, Map.Entry<Tokens, Double> spread) {
    return new Row()
        .with("budget", spread.getKey())
        .with(findings.metric().name(), spread.getValue());
  }

  /** Returns the loss of each run on each domain, followed by the averages of each run. */
  private static List<Row> losses(Findings findings) {
    List<Row> rows = new ArrayList<>();
    for (RunResult run : findings.runs()) {
      for (Measurement m : run.measurements(findings.metric())) {
        Map<Metric, Estimate> values = new HashMap<>();
        run.measurements().stream()
            .filter(other -> other.subject().equals(m.subject()))
            .forEach(other -> values.put(other.metric(), other.value()));
        rows.add(loss(findings, run.key(), m.subject(), values));
      }
    }
    for (MeanLoss m : findings.means()) {
      rows.add(loss(findings, m.key(), "macro", m.macro()));
      rows.add(loss(findings, m.key(), "micro", m.micro()));
    }
    return rows;
  }

  private static Row loss(
      Findings findings, RunKey key, String domain, Map<Metric, Estimate> values) {
    Estimate unknown = Estimate.of(Double.NaN, Double.NaN, Double.NaN); // null in JSON
    Metric main = findings.metric();
    Estimate bits = values.getOrDefault(Metric.BITS_PER_BYTE, unknown);
    return Row.of(key)
        .with("domain", domain)
        .with("nats_per_token", values.getOrDefault(Metric.NATS_PER_TOKEN, unknown).value())
        .with("bits_per_byte", bits.value())
        .with(main.name(), values.getOrDefault(main, unknown).value())
        .with("", values.getOrDefault(main, unknown).interval())
        .with("bits_per_byte_", bits.interval());
  }

  private static Row outcome(RunResult run) {
    return Row.of(run.key())
        .with("outcome", run.completed() ? "completed" : run.diverged() ? "diverged" : "failed")
        .with("step", run.failure().map(RunFailure::step).orElse(OptionalLong.empty()))
        .with("reason", run.failure().map(RunFailure::message))
        .with("tokens", run.tokens())
        .with("params", run.nonEmbeddingParameters())
        .with("asked_shares", run.askedShares())
        .with("achieved_shares", run.achievedShares())
        .with("repeats", run.repeats())
        .with("effective_tokens", run.effectiveTokens());
  }

  private static Row run(RunResult run) {
    Row row =
        outcome(run)
            .with("identity", run.identity())
            .with("parameters", run.parameters())
            .with("flops", run.flops())
            .with("exact_flops", run.exactFlops())
            .with("learning_rate", run.learningRate())
            .with("batch_sequences", run.batchSequences())
            .with("training_loss", run.trainingLoss())
            .with("seconds", run.seconds());
    Map<String, Map<String, Double>> values = new LinkedHashMap<>();
    values.put(Metric.NATS_PER_TOKEN.name(), new LinkedHashMap<>());
    run.measurements()
        .forEach(
            m ->
                values
                    .computeIfAbsent(m.metric().name(), name -> new LinkedHashMap<>())
                    .put(m.subject(), m.value().value()));
    values.forEach(row::with);
    return row;
  }

  private static Row cell(BestShareMap.Cell cell) {
    return new Row()
        .with("params", cell.params())
        .with("tokens", cell.tokens())
        .with("measured", cell.measured())
        .with("fitted", cell.fitted())
        .with("allowed_low", cell.allowed().map(Interval::low))
        .with("allowed_high", cell.allowed().map(Interval::high))
        .with("within_repeats", cell.within());
  }

  private static Row decision(DecisionAccuracy d) {
    return new Row()
        .with("params", d.params())
        .with("tokens", d.tokens())
        .with("target_params", d.targetParams())
        .with("target_tokens", d.targetTokens())
        .with("mixtures", d.mixtures())
        .with("accuracy", d.accuracy().value())
        .with("", d.accuracy().interval())
        .with("winner", d.winner())
        .with("target_winner", d.targetWinner())
        .with("regret", d.regret());
  }

  private static Row rateCheck(RateCheck c) {
    return new Row()
        .with("factor", c.factor())
        .with("holds", c.holds())
        .with("usual", c.usual())
        .with("changed", c.changed());
  }

  private static Row correlation(WordCorrelation c) {
    return new Row()
        .with("measure", c.measure())
        .with("domain", c.domain())
        .with("model", c.model())
        .with("budget", c.budget())
        .with("mixtures", c.mixtures())
        .with("spearman", c.rho().toOptional())
        .with("refused", c.rho().toRefusal());
  }

  private static Collection<Row> accuracies(Findings f) {
    Map<List<Object>, Row> rows = new LinkedHashMap<>();
    Set<Metric> metrics =
        f.choices().stream().map(ChoiceFinding::metric).collect(Collectors.toSet());
    for (RunResult run : f.runs()) {
      for (Measurement m : run.measurements()) {
        if (metrics.contains(m.metric())) {
          Row row =
              rows.computeIfAbsent(
                  List.of(run.key(), m.subject()),
                  k ->
                      Row.of(run.key())
                          .with("test", m.subject())
                          .with("questions", m.scores().size()));
          new TreeMap<>(m.details()).forEach(row::with);
          row.with(m.metric().name(), m.value());
        }
      }
    }
    return rows.values();
  }

  private static Collection<Row> accuracies(List<ChoiceFinding> findings) {
    Map<List<Object>, Row> rows = new LinkedHashMap<>();
    for (ChoiceFinding f : findings) {
      rows.computeIfAbsent(
              List.of(f.test(), f.mixture(), f.model(), f.budget()),
              k ->
                  new Row()
                      .with("test", f.test())
                      .with("mixture", f.mixture())
                      .with("model", f.model())
                      .with("budget", f.budget())
                      .with("seeds", f.seeds())
                      .with("questions", f.questions())
                      .with("chance", f.chance()))
          .with(f.metric().name(), f.value())
          .with(f.metric().name() + "_seed_spread", f.seedSpread())
          .with(f.metric().name() + "_difference", f.difference());
    }
    return rows.values();
  }

  /** Converts losses, keyed by share, into rows. */
  private static final class ShareRows extends StdConverter<Map<Double, Estimate>, List<Row>> {
    @Override
    public List<Row> convert(Map<Double, Estimate> losses) {
      return rows(
          losses.entrySet(),
          e ->
              new Row()
                  .with("share", e.getKey())
                  .with("value", e.getValue().value())
                  .with("", e.getValue().interval()));
    }
  }

  // Annotations for results whose components differ from the keys.

  private abstract static class ComparisonKeys {
    @JsonProperty("adjusted_p_value")
    abstract double adjustedPValue();

    @JsonProperty("significant")
    abstract boolean significant();

    @JsonProperty("equivalent_within")
    abstract double equivalence();
  }

  private abstract static class GeneratorKeys {
    @JsonUnwrapped
    abstract Comparison comparison();
  }

  private abstract static class LawKeys {
    @JsonProperty("n")
    abstract int points();

    @JsonProperty("held_out_relative_error")
    abstract OptionalDouble heldOut();
  }

  private abstract static class BestShareKeys {
    @JsonUnwrapped
    abstract Interval interval();

    @JsonUnwrapped(prefix = "as_good_")
    abstract Interval asGood();

    @JsonProperty("losses")
    @JsonSerialize(converter = ShareRows.class)
    abstract Map<Double, Estimate> lossByShare();
  }

  @JsonIgnoreProperties({"cost_factor", "break_even"})
  private abstract static class SpeedupKeys {}

  private abstract static class CollapseKeys {
    @JsonProperty("verdict")
    abstract Collapse.Outcome outcome();
  }

  @JsonIgnoreProperties("warnings")
  private abstract static class WordKeys {}

  private static final JsonWriter WRITER =
      new JsonWriter(
          Map.of(
              Comparison.class, ComparisonKeys.class,
              GeneratorEffect.class, GeneratorKeys.class,
              FittedLaw.class, LawKeys.class,
              BestShare.class, BestShareKeys.class,
              Speedup.class, SpeedupKeys.class,
              Collapse.class, CollapseKeys.class,
              WordComparison.class, WordKeys.class),
          JsonWriter.as(BestShareMap.Cell.class, ResultsJson::cell),
          JsonWriter.as(
              Speedup.Ratio.class,
              r ->
                  r.times().isPresent()
                      ? Range.of(r.times().get())
                      : new Row().with("value", "never").with("resamples", r.never())));
}
