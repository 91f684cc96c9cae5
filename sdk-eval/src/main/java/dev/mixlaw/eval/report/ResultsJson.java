package dev.mixlaw.eval.report;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import com.fasterxml.jackson.databind.util.StdConverter;
import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.BestShare;
import dev.mixlaw.api.results.BestShareMap;
import dev.mixlaw.api.results.ChoiceAccuracy;
import dev.mixlaw.api.results.ChoiceFinding;
import dev.mixlaw.api.results.Collapse;
import dev.mixlaw.api.results.CollapseVerdict;
import dev.mixlaw.api.results.Comparison;
import dev.mixlaw.api.results.DecisionAccuracy;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.Findings;
import dev.mixlaw.api.results.FittedLaw;
import dev.mixlaw.api.results.GeneratorEffect;
import dev.mixlaw.api.results.Interval;
import dev.mixlaw.api.results.MeanLoss;
import dev.mixlaw.api.results.Provenance;
import dev.mixlaw.api.results.Refusal;
import dev.mixlaw.api.results.RunKey;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.results.RunResult.Outcome;
import dev.mixlaw.api.results.Speedup;
import dev.mixlaw.api.results.TextFacts;
import dev.mixlaw.api.results.WordComparison;
import dev.mixlaw.api.results.WordCorrelation;
import dev.mixlaw.api.units.Params;
import dev.mixlaw.api.units.Tokens;
import dev.mixlaw.eval.report.JsonWriter.Range;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The document {@code results.json} of a study, and the lines of {@code runs.jsonl}. Each row is a
 * record, whose components are the keys: see {@link JsonWriter}.
 */
final class ResultsJson {
  /** Version of the keys and their meaning; increased when one changes or is removed. */
  private static final int SCHEMA = 1;

  private ResultsJson() {}

  private record Document(
      int schema,
      String study,
      String engine,
      String device,
      String tokenizer,
      int vocabulary,
      String baseline,
      Map<String, String> settings,
      List<MixtureRow> mixtures,
      List<TextFacts> corpora,
      List<TextFacts> domains,
      List<LossRow> losses,
      List<OutcomeRow> outcomes,
      List<SeedSpreadRow> seedSpread,
      List<Comparison> primary,
      List<Comparison> comparisons,
      List<FittedLaw> laws,
      List<BestShare> bestShare,
      List<Speedup> speedup,
      List<BestShareMap> bestShareMap,
      List<Collapse> collapse,
      List<DecisionRow> decisionAccuracy,
      List<GeneratorEffect> generatorEffect,
      Optional<WordComparison> words,
      Optional<List<CorrelationRow>> wordCorrelation,
      @Nullable List<AccuracyRow> accuracies,
      @Nullable List<ChoiceFinding> accuracyByMixture,
      List<Refusal> refused,
      List<String> warnings) {}

  /** Returns {@code results.json}. */
  static byte[] results(Findings f) {
    Provenance from = f.provenance();
    boolean choices = !f.choices().isEmpty();
    List<AccuracyRow> accuracies = new ArrayList<>();
    f.runs().forEach(r -> r.choices().forEach(c -> accuracies.add(AccuracyRow.of(r.key(), c))));
    return WRITER.document(
        new Document(
            SCHEMA,
            from.study(),
            from.engine(),
            from.device(),
            from.tokenizer(),
            from.vocabulary(),
            from.baseline(),
            from.settings(),
            rows(
                List.copyOf(from.mixtures().entrySet()),
                m -> new MixtureRow(m.getKey(), new TreeMap<>(m.getValue()))),
            from.corpora(),
            from.domains(),
            losses(f),
            rows(f.runs(), OutcomeRow::of),
            rows(
                List.copyOf(SeedSpread.of(f).byBudget().entrySet()),
                e -> new SeedSpreadRow(e.getKey().count(), e.getValue())),
            f.primary(),
            f.comparisons(),
            f.laws(),
            f.bestShares(),
            f.speedups(),
            f.bestShareMaps(),
            f.collapses(),
            rows(f.decisionAccuracies(), DecisionRow::of),
            f.generatorEffects(),
            from.words(),
            from.words().map(w -> rows(f.wordCorrelations(), CorrelationRow::of)),
            choices ? accuracies : null,
            choices ? f.choices() : null,
            f.refusals(),
            from.warnings()));
  }

  /** Returns {@code runs.jsonl}: one line per run. */
  static byte[] runs(Findings findings) {
    return findings.runs().stream()
        .map(run -> WRITER.line(RunRow.of(run)) + "\n")
        .collect(Collectors.joining())
        .getBytes(StandardCharsets.UTF_8);
  }

  static <T, R> List<R> rows(List<T> values, Function<T, R> row) {
    return values.stream().map(row).toList();
  }

  private record MixtureRow(String name, Map<String, Double> shares) {}

  private record SeedSpreadRow(long budget, double natsPerToken) {}

  private record LossRow(
      @JsonUnwrapped RunKey key,
      String domain,
      double natsPerToken,
      double bitsPerByte,
      @JsonUnwrapped Interval nats,
      @JsonUnwrapped(prefix = "bits_per_byte_") Interval bits) {
    static LossRow of(RunKey key, String domain, Estimate nats, Estimate bits) {
      return new LossRow(key, domain, nats.value(), bits.value(), nats.interval(), bits.interval());
    }
  }

  /** Returns the losses by run and domain, followed by the averages of each run. */
  private static List<LossRow> losses(Findings findings) {
    List<LossRow> rows = new ArrayList<>();
    for (RunResult run : findings.runs()) {
      run.losses()
          .forEach(
              l -> rows.add(LossRow.of(run.key(), l.domain(), l.natsPerToken(), l.bitsPerByte())));
    }
    for (MeanLoss m : findings.means()) {
      rows.add(LossRow.of(m.key(), "macro", m.macroNatsPerToken(), m.macroBitsPerByte()));
      rows.add(LossRow.of(m.key(), "micro", m.microNatsPerToken(), m.microBitsPerByte()));
    }
    return rows;
  }

  private record OutcomeRow(
      @JsonUnwrapped RunKey key,
      String outcome,
      OptionalLong step,
      Optional<String> reason,
      long tokens,
      long params,
      Map<String, Double> askedShares,
      Map<String, Double> achievedShares,
      Map<String, Double> repeats) {
    static OutcomeRow of(RunResult run) {
      Outcome outcome = run.outcome();
      return new OutcomeRow(
          run.key(),
          outcome.isCompleted() ? "completed" : outcome.isDiverged() ? "diverged" : "failed",
          outcome.step(),
          outcome.reason(),
          run.tokens(),
          run.nonEmbeddingParameters(),
          new TreeMap<>(run.askedShares()),
          new TreeMap<>(run.achievedShares()),
          new TreeMap<>(run.repeats()));
    }
  }

  private record RunRow(
      @JsonUnwrapped OutcomeRow outcome,
      String identity,
      long parameters,
      double flops,
      double exactFlops,
      double learningRate,
      int batchSequences,
      OptionalDouble trainingLoss,
      double seconds,
      Map<String, Double> natsPerToken) {
    static RunRow of(RunResult run) {
      Map<String, Double> losses = new LinkedHashMap<>();
      run.losses().forEach(l -> losses.put(l.domain(), l.natsPerToken().value()));
      return new RunRow(
          OutcomeRow.of(run),
          run.identity(),
          run.parameters(),
          run.flops(),
          run.exactFlops(),
          run.learningRate(),
          run.batchSequences(),
          run.trainingLoss(),
          run.seconds(),
          losses);
    }
  }

  private record CellRow(
      Params params,
      Tokens tokens,
      Answer<BestShare> measured,
      Answer<BestShare> fitted,
      Optional<Double> allowedLow,
      Optional<Double> allowedHigh,
      Answer<BestShare> withinRepeats) {
    static CellRow of(BestShareMap.Cell cell) {
      return new CellRow(
          cell.params(),
          cell.tokens(),
          cell.measured(),
          cell.fitted(),
          cell.allowed().map(Interval::low),
          cell.allowed().map(Interval::high),
          cell.within());
    }
  }

  private record DecisionRow(
      Params params,
      Tokens tokens,
      Params targetParams,
      Tokens targetTokens,
      int mixtures,
      double accuracy,
      @JsonUnwrapped Interval interval,
      String winner,
      String targetWinner,
      double regret) {
    static DecisionRow of(DecisionAccuracy d) {
      return new DecisionRow(
          d.params(),
          d.tokens(),
          d.targetParams(),
          d.targetTokens(),
          d.mixtures(),
          d.accuracy().value(),
          d.accuracy().interval(),
          d.winner(),
          d.targetWinner(),
          d.regret());
    }
  }

  private record CorrelationRow(
      WordComparison.Measure measure,
      String domain,
      String model,
      Tokens budget,
      int mixtures,
      Optional<Estimate> spearman,
      Optional<Refusal> refused) {
    static CorrelationRow of(WordCorrelation c) {
      return new CorrelationRow(
          c.measure(),
          c.domain(),
          c.model(),
          c.budget(),
          c.mixtures(),
          c.rho().toOptional(),
          c.rho().toRefusal());
    }
  }

  private record AccuracyRow(
      @JsonUnwrapped RunKey key,
      String test,
      int questions,
      double chance,
      Estimate acc,
      Estimate accNorm,
      Estimate accTokens,
      int cut) {
    static AccuracyRow of(RunKey key, ChoiceAccuracy c) {
      return new AccuracyRow(
          key,
          c.test(),
          c.answers().size(),
          c.chance(),
          c.plain(),
          c.byBytes(),
          c.byTokens(),
          c.cut());
    }
  }

  private record NeverRow(String value, double resamples) {}

  /** The loss at a share. */
  private record ShareRow(double share, @JsonUnwrapped Range loss) {}

  private static final class ShareRows extends StdConverter<Map<Double, Estimate>, List<ShareRow>> {
    @Override
    public List<ShareRow> convert(Map<Double, Estimate> losses) {
      return rows(
          List.copyOf(losses.entrySet()), e -> new ShareRow(e.getKey(), Range.of(e.getValue())));
    }
  }

  // Annotations for results whose components are not the keys.

  @JsonPropertyOrder({
    "mixture",
    "baseline",
    "model",
    "budget",
    "domain",
    "difference",
    "documents",
    "degrees_of_freedom",
    "p_value",
    "adjusted_p_value",
    "significant",
    "detectable",
    "equivalent_within"
  })
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

  @JsonPropertyOrder({
    "corpus",
    "domain",
    "params",
    "tokens",
    "share",
    "interval",
    "as_good",
    "basis",
    "losses"
  })
  private abstract static class BestShareKeys {
    @JsonUnwrapped
    abstract Interval interval();

    @JsonUnwrapped(prefix = "as_good_")
    abstract Interval asGood();

    @JsonProperty("losses")
    @JsonSerialize(converter = ShareRows.class)
    abstract Map<Double, Estimate> lossByShare();
  }

  @JsonIgnoreProperties("cost")
  private abstract static class SpeedupKeys {}

  private abstract static class CollapseKeys {
    @JsonUnwrapped
    abstract CollapseVerdict verdict();
  }

  private abstract static class VerdictKeys {
    @JsonProperty("verdict")
    abstract CollapseVerdict.Outcome outcome();
  }

  @JsonIgnoreProperties("warnings")
  private abstract static class WordKeys {}

  private abstract static class ChoiceKeys {
    @JsonProperty("acc")
    abstract Estimate plain();

    @JsonProperty("acc_norm")
    abstract Estimate byBytes();

    @JsonProperty("acc_tokens")
    abstract Estimate byTokens();

    @JsonProperty("acc_norm_seed_spread")
    abstract OptionalDouble seedSpread();

    @JsonProperty("acc_norm_difference")
    abstract Optional<Comparison> difference();
  }

  private static final JsonWriter WRITER =
      new JsonWriter(
          Map.of(
              Comparison.class, ComparisonKeys.class,
              GeneratorEffect.class, GeneratorKeys.class,
              FittedLaw.class, LawKeys.class,
              BestShare.class, BestShareKeys.class,
              Speedup.class, SpeedupKeys.class,
              Collapse.class, CollapseKeys.class,
              CollapseVerdict.class, VerdictKeys.class,
              WordComparison.class, WordKeys.class,
              ChoiceFinding.class, ChoiceKeys.class),
          JsonWriter.as(BestShareMap.Cell.class, CellRow::of),
          JsonWriter.as(
              Speedup.Ratio.class,
              r ->
                  r.times().isPresent()
                      ? Range.of(r.times().get())
                      : new NeverRow("never", r.never())));
}
