package dev.mixlaw.eval.report;

import dev.mixlaw.api.results.CollapseVerdict;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.Refusal;
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
import dev.mixlaw.api.units.Tokens;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** The document {@code results.json} of rounds; see {@link JsonWriter}. */
final class RoundsJson {
  /** Version of the keys and their meaning; increased when one changes or is removed. */
  private static final int SCHEMA = 1;

  private RoundsJson() {}

  private record Document(
      int schema,
      String name,
      String engine,
      String device,
      String corpus,
      String model,
      long tokens,
      int rounds,
      int seeds,
      WritingRow writing,
      List<StrategyRow> strategies,
      List<ModelRow> models,
      List<String> warnings) {}

  static byte[] of(RoundsFindings findings) {
    Rounds r = findings.rounds();
    return new JsonWriter(Map.of())
        .document(
            new Document(
                SCHEMA,
                r.name(),
                findings.plan().round0().engine(),
                findings.plan().round0().device(),
                r.corpus().name(),
                r.model().orElseThrow().name(),
                r.tokens().orElseThrow().count(),
                r.rounds(),
                r.seeds(),
                WritingRow.of(r),
                ResultsJson.rows(findings.strategies(), StrategyRow::of),
                ResultsJson.rows(findings.runs(), run -> ModelRow.of(findings, run)),
                findings.warnings()));
  }

  private record WritingRow(
      int promptTokens, double temperature, double topP, OptionalInt maxTokens, Tokens tokens) {
    static WritingRow of(Rounds r) {
      return new WritingRow(
          r.writing().promptTokens(),
          r.writing().temperature(),
          r.writing().topP(),
          r.writing().maxTokens(),
          r.writtenTokens());
    }
  }

  private record StrategyRow(String strategy, CollapseVerdict verdict, List<RoundRow> rounds) {
    static StrategyRow of(StrategyFindings s) {
      return new StrategyRow(
          s.strategy().toString(), s.verdict(), ResultsJson.rows(s.rounds(), RoundRow::of));
    }
  }

  private record RoundRow(
      int round,
      int seeds,
      Estimate lossNatsPerToken,
      Estimate changeNatsPerToken,
      Map<String, Estimate> changeByDomain,
      Optional<Map<String, Object>> diversity) {
    static RoundRow of(RoundFigures f) {
      return new RoundRow(
          f.round(),
          f.seeds(),
          f.loss(),
          f.change(),
          f.changeByDomain(),
          f.diversity().map(RoundsJson::diversity));
    }
  }

  /** Returns the number of words, then each measure by its key. */
  private static Map<String, Object> diversity(TextDiversity d) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("words", d.words());
    d.figures().forEach((measure, e) -> row.put(measure.key(), e));
    return row;
  }

  private record ModelRow(
      String strategy,
      int round,
      int seed,
      String identity,
      boolean completed,
      long tokens,
      double flops,
      double seconds,
      Map<String, Double> shares,
      Map<String, Estimate> natsPerToken,
      Optional<TextRow> text) {
    static ModelRow of(RoundsFindings findings, RoundRun run) {
      RoundKey key = run.key();
      PlannedModel planned =
          findings.plan().models().stream()
              .filter(m -> m.key().equals(key))
              .findFirst()
              .orElseThrow();
      Map<String, Estimate> losses = new LinkedHashMap<>();
      run.result().losses().forEach(l -> losses.put(l.domain(), l.natsPerToken()));
      return new ModelRow(
          key.strategy().map(Strategy::toString).orElse("natural"),
          key.round(),
          key.seed(),
          run.result().identity(),
          run.result().completed(),
          run.result().tokens(),
          run.result().exactFlops(),
          run.result().seconds(),
          planned.shares(),
          losses,
          run.text().map(TextRow::of));
    }
  }

  private record TextRow(
      String file,
      long documents,
      long dropped,
      long tokens,
      double flops,
      double seconds,
      Optional<Map<String, Object>> diversity,
      Optional<String> diversityRefused) {
    static TextRow of(WrittenText t) {
      return new TextRow(
          t.file().toString(),
          t.documents(),
          t.dropped(),
          t.tokens(),
          t.flops(),
          t.seconds(),
          t.diversity().toOptional().map(RoundsJson::diversity),
          t.diversity().toRefusal().map(Refusal::toString));
    }
  }
}
