package dev.mixlaw.eval.report;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.BestShare;
import dev.mixlaw.api.results.BestShareMap;
import dev.mixlaw.api.results.ChoiceAccuracy;
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
import dev.mixlaw.api.results.Provenance;
import dev.mixlaw.api.results.Refusal;
import dev.mixlaw.api.results.RunKey;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.results.RunResult.Outcome;
import dev.mixlaw.api.results.Speedup;
import dev.mixlaw.api.results.TextFacts;
import dev.mixlaw.api.results.WordComparison;
import dev.mixlaw.api.results.WordCorrelation;
import dev.mixlaw.api.units.Tokens;
import dev.mixlaw.eval.report.JsonWriter.Range;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The document {@code results.json} of a study, and the lines of {@code runs.jsonl}. Each row is a
 * record, whose components are the keys: see {@link JsonWriter}.
 */
final class ResultsJson {
  /** Version of the keys and their meaning; raised when one changes or goes. */
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
      List<TextRow> corpora,
      List<TextRow> domains,
      List<LossRow> losses,
      List<OutcomeRow> outcomes,
      List<SeedSpreadRow> seedSpread,
      List<ComparisonRow> primary,
      List<ComparisonRow> comparisons,
      List<LawRow> laws,
      List<BestShareRow> bestShare,
      List<SpeedupRow> speedup,
      List<ShareMapRow> bestShareMap,
      List<CollapseRow> collapse,
      List<DecisionRow> decisionAccuracy,
      List<GeneratorRow> generatorEffect,
      @Nullable WordsRow words,
      @Nullable List<CorrelationRow> wordCorrelation,
      @Nullable List<AccuracyRow> accuracies,
      @Nullable List<ChoiceRow> accuracyByMixture,
      List<Refusal> refused,
      List<String> warnings) {}

  /** Returns {@code results.json}. */
  static byte[] results(Findings f) {
    Provenance from = f.provenance();
    boolean choices = !f.choices().isEmpty();
    List<AccuracyRow> accuracies = new ArrayList<>();
    f.runs().forEach(r -> r.choices().forEach(c -> accuracies.add(AccuracyRow.of(r.key(), c))));
    return JsonWriter.document(
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
            rows(from.corpora(), TextRow::of),
            rows(from.domains(), TextRow::of),
            losses(f),
            rows(f.runs(), OutcomeRow::of),
            rows(
                List.copyOf(SeedSpread.of(f).byBudget().entrySet()),
                e -> new SeedSpreadRow(e.getKey().count(), e.getValue())),
            rows(f.primary(), ComparisonRow::of),
            rows(f.comparisons(), ComparisonRow::of),
            rows(f.laws(), LawRow::of),
            rows(f.bestShares(), BestShareRow::of),
            rows(f.speedups(), SpeedupRow::of),
            rows(f.bestShareMaps(), ShareMapRow::of),
            rows(f.collapses(), CollapseRow::of),
            rows(f.decisionAccuracies(), DecisionRow::of),
            rows(f.generatorEffects(), GeneratorRow::of),
            from.words().map(WordsRow::of).orElse(null),
            from.words().map(w -> rows(f.wordCorrelations(), CorrelationRow::of)).orElse(null),
            choices ? accuracies : null,
            choices ? rows(f.choices(), ChoiceRow::of) : null,
            f.refusals(),
            from.warnings()));
  }

  /** Returns {@code runs.jsonl}: one line a run. */
  static byte[] runs(Findings findings) {
    return findings.runs().stream()
        .map(run -> JsonWriter.line(RunRow.of(run)) + "\n")
        .collect(Collectors.joining())
        .getBytes(StandardCharsets.UTF_8);
  }

  static <T, R> List<R> rows(List<T> values, Function<T, R> row) {
    return values.stream().map(row).toList();
  }

  private static String text(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static @Nullable Double nullable(OptionalDouble value) {
    return value.isPresent() ? value.getAsDouble() : null;
  }

  private static @Nullable Range nullable(Optional<Estimate> estimate) {
    return estimate.map(Range::of).orElse(null);
  }

  private static Map<String, Range> ranges(Map<String, Estimate> estimates) {
    Map<String, Range> ranges = new LinkedHashMap<>();
    estimates.forEach((name, e) -> ranges.put(name, Range.of(e)));
    return ranges;
  }

  private record MixtureRow(String name, Map<String, Double> shares) {}

  private record SeedSpreadRow(long budget, double natsPerToken) {}

  private record TextRow(
      String name,
      String kind,
      @Nullable String generator,
      long documents,
      long tokens,
      long bytes,
      long skipped,
      String fingerprint) {
    static TextRow of(TextFacts t) {
      return new TextRow(
          t.name(),
          text(t.kind()),
          t.generator().orElse(null),
          t.documents(),
          t.tokens(),
          t.bytes(),
          t.skipped(),
          t.fingerprint());
    }
  }

  private record Key(String mixture, String model, long budget, int seed) {
    static Key of(RunKey key) {
      return new Key(key.mixture(), key.model(), key.budget().count(), key.seed());
    }
  }

  private record LossRow(
      @JsonUnwrapped Key key,
      String domain,
      double natsPerToken,
      double bitsPerByte,
      double low,
      double high,
      double bitsPerByteLow,
      double bitsPerByteHigh) {
    static LossRow of(RunKey key, String domain, Estimate nats, Estimate bits) {
      Interval n = nats.interval();
      Interval b = bits.interval();
      return new LossRow(
          Key.of(key), domain, nats.value(), bits.value(), n.low(), n.high(), b.low(), b.high());
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
      @JsonUnwrapped Key key,
      String outcome,
      @Nullable Long step,
      @Nullable String reason,
      long tokens,
      long params,
      Map<String, Double> askedShares,
      Map<String, Double> achievedShares,
      Map<String, Double> repeats) {
    static OutcomeRow of(RunResult run) {
      Outcome outcome = run.outcome();
      return new OutcomeRow(
          Key.of(run.key()),
          outcome.isCompleted() ? "completed" : outcome.isDiverged() ? "diverged" : "failed",
          outcome.step().isPresent() ? outcome.step().getAsLong() : null,
          outcome.reason().orElse(null),
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
      @Nullable Double trainingLoss,
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
          nullable(run.trainingLoss()),
          run.seconds(),
          losses);
    }
  }

  private record ComparisonRow(
      String mixture,
      String baseline,
      String model,
      long budget,
      String domain,
      Range difference,
      int documents,
      double degreesOfFreedom,
      double p,
      double adjustedP,
      boolean significant,
      double detectable,
      double equivalentWithin) {
    static ComparisonRow of(Comparison c) {
      return new ComparisonRow(
          c.mixture(),
          c.baseline(),
          c.model(),
          c.budget().count(),
          c.domain(),
          Range.of(c.difference()),
          c.documents(),
          c.degreesOfFreedom(),
          c.pValue(),
          c.adjustedPValue(),
          c.significant(),
          c.detectable(),
          c.equivalence());
    }
  }

  private record LawRow(
      String form,
      String mixture,
      String domain,
      @Nullable String model,
      @Nullable Long budget,
      Map<String, Range> parameters,
      double objective,
      double r2,
      String status,
      int n,
      @Nullable Double heldOutRelativeError,
      List<String> warnings) {
    static LawRow of(FittedLaw law) {
      return new LawRow(
          law.form(),
          law.mixture(),
          law.domain(),
          law.model().orElse(null),
          law.budget().map(Tokens::count).orElse(null),
          ranges(law.parameters()),
          law.objective(),
          law.r2(),
          text(law.status()),
          law.points(),
          nullable(law.heldOut()),
          law.warnings());
    }
  }

  private record ShareLossRow(double share, @JsonUnwrapped Range loss) {}

  private record BestShareRow(
      String corpus,
      String domain,
      long params,
      long tokens,
      double share,
      double low,
      double high,
      double asGoodLow,
      double asGoodHigh,
      String basis,
      List<ShareLossRow> losses,
      @Nullable List<String> warnings) {
    static BestShareRow of(BestShare best) {
      return of(best, null);
    }

    static BestShareRow of(BestShare best, @Nullable List<String> warnings) {
      List<ShareLossRow> losses = new ArrayList<>();
      best.lossByShare().forEach((s, loss) -> losses.add(new ShareLossRow(s, Range.of(loss))));
      return new BestShareRow(
          best.corpus(),
          best.domain(),
          best.params().count(),
          best.tokens().count(),
          best.share(),
          best.interval().low(),
          best.interval().high(),
          best.asGood().low(),
          best.asGood().high(),
          text(best.basis()),
          losses,
          warnings);
    }

    /** Returns the row of a best share, or the refusal. */
    static Object of(Answer<BestShare> answer) {
      return answer.<Object>fold(BestShareRow::of, refusal -> refusal);
    }
  }

  private record ShareMapRow(
      String corpus,
      String domain,
      double maxRepeats,
      List<ShareCellRow> cells,
      List<LawRow> laws) {
    static ShareMapRow of(BestShareMap map) {
      return new ShareMapRow(
          map.corpus(),
          map.domain(),
          map.maxRepeats(),
          rows(map.cells(), ShareCellRow::of),
          rows(map.laws(), LawRow::of));
    }
  }

  private record ShareCellRow(
      long params,
      long tokens,
      Object measured,
      Object fitted,
      @Nullable Double allowedLow,
      @Nullable Double allowedHigh,
      Object withinRepeats) {
    static ShareCellRow of(BestShareMap.Cell cell) {
      return new ShareCellRow(
          cell.params().count(),
          cell.tokens().count(),
          BestShareRow.of(cell.measured()),
          BestShareRow.of(cell.fitted()),
          cell.allowed().map(Interval::low).orElse(null),
          cell.allowed().map(Interval::high).orElse(null),
          BestShareRow.of(cell.within()));
    }
  }

  private record RatioRow(double value, double low, double high, List<String> warnings) {}

  private record NeverRow(String value, double resamples, List<String> warnings) {}

  private record SpeedupRow(
      String mixture,
      String baseline,
      String domain,
      long params,
      long tokens,
      Object fitted,
      Object measured) {
    static SpeedupRow of(Speedup s) {
      return new SpeedupRow(
          s.mixture(),
          s.baseline(),
          s.domain(),
          s.params().count(),
          s.tokens().count(),
          ratio(s.fitted()),
          ratio(s.measured()));
    }

    /** Returns the row of a ratio or of "never", or the refusal. */
    private static Object ratio(Answer<Speedup.Ratio> answer) {
      return answer.<Object>fold(SpeedupRow::ratio, refusal -> refusal);
    }

    private static Object ratio(Speedup.Ratio ratio, List<String> warnings) {
      if (ratio.times().isEmpty()) {
        return new NeverRow("never", ratio.never(), warnings);
      }
      Estimate times = ratio.times().get();
      return new RatioRow(times.value(), times.interval().low(), times.interval().high(), warnings);
    }
  }

  private record CollapseRow(
      String mixture,
      String baseline,
      String model,
      String verdict,
      String reason,
      @Nullable String firstViolation) {
    static CollapseRow of(Collapse c) {
      return new CollapseRow(
          c.mixture(),
          c.baseline(),
          c.model(),
          text(c.verdict().outcome()),
          c.verdict().reason(),
          c.verdict().firstViolation().orElse(null));
    }
  }

  private record DecisionRow(
      long params,
      long tokens,
      long targetParams,
      long targetTokens,
      int mixtures,
      double accuracy,
      double low,
      double high,
      String winner,
      String targetWinner,
      double regret) {
    static DecisionRow of(DecisionAccuracy d) {
      return new DecisionRow(
          d.params().count(),
          d.tokens().count(),
          d.targetParams().count(),
          d.targetTokens().count(),
          d.mixtures(),
          d.accuracy().value(),
          d.accuracy().interval().low(),
          d.accuracy().interval().high(),
          d.winner(),
          d.targetWinner(),
          d.regret());
    }
  }

  private record GeneratorRow(
      String generator, String other, @JsonUnwrapped ComparisonRow comparison) {
    static GeneratorRow of(GeneratorEffect e) {
      return new GeneratorRow(e.generator(), e.other(), ComparisonRow.of(e.comparison()));
    }
  }

  private record WordsRow(
      String language, long budget, long bytesPerText, List<WordComparison.Fit> fits) {
    static WordsRow of(WordComparison words) {
      return new WordsRow(
          words.language(), words.budget().count(), words.bytesPerText(), words.fits());
    }
  }

  private record CorrelationRow(
      String measure,
      String domain,
      String model,
      long budget,
      int mixtures,
      @Nullable Range spearman,
      @Nullable Refusal refused) {
    static CorrelationRow of(WordCorrelation c) {
      return new CorrelationRow(
          text(c.measure()),
          c.domain(),
          c.model(),
          c.budget().count(),
          c.mixtures(),
          nullable(c.rho().toOptional()),
          c.rho().toRefusal().orElse(null));
    }
  }

  private record AccuracyRow(
      @JsonUnwrapped Key key,
      String test,
      int questions,
      double chance,
      Range acc,
      Range accNorm,
      Range accTokens,
      int cut) {
    static AccuracyRow of(RunKey key, ChoiceAccuracy c) {
      return new AccuracyRow(
          Key.of(key),
          c.test(),
          c.answers().size(),
          c.chance(),
          Range.of(c.plain()),
          Range.of(c.byBytes()),
          Range.of(c.byTokens()),
          c.cut());
    }
  }

  private record ChoiceRow(
      String test,
      String mixture,
      String model,
      long budget,
      int seeds,
      int questions,
      double chance,
      Range acc,
      Range accNorm,
      Range accTokens,
      @Nullable Double accNormSeedSpread,
      @Nullable ComparisonRow accNormDifference) {
    static ChoiceRow of(ChoiceFinding f) {
      return new ChoiceRow(
          f.test(),
          f.mixture(),
          f.model(),
          f.budget().count(),
          f.seeds(),
          f.questions(),
          f.chance(),
          Range.of(f.plain()),
          Range.of(f.byBytes()),
          Range.of(f.byTokens()),
          nullable(f.seedSpread()),
          f.difference().map(ComparisonRow::of).orElse(null));
    }
  }
}
