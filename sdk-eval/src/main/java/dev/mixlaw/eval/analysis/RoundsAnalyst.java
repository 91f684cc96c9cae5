package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.Collapse;
import dev.mixlaw.api.results.Comparison;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.Findings;
import dev.mixlaw.api.results.FittedLaw;
import dev.mixlaw.api.results.MeanLoss;
import dev.mixlaw.api.results.Provenance;
import dev.mixlaw.api.results.RunKey;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.results.TextDiversity;
import dev.mixlaw.api.rounds.RoundFigures;
import dev.mixlaw.api.rounds.RoundRun;
import dev.mixlaw.api.rounds.Rounds;
import dev.mixlaw.api.rounds.RoundsFindings;
import dev.mixlaw.api.rounds.RoundsPlan;
import dev.mixlaw.api.rounds.Strategy;
import dev.mixlaw.api.rounds.WrittenText;
import dev.mixlaw.eval.analysis.RoundCollapse.Measure;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Analyzes rounds of training on generated text. The rounds of a strategy are compared with round 0
 * like the mixtures of a study with its baseline: the comparisons are paired by document and
 * include seed noise.
 *
 * <p>For the verdict, the loss of a round is the value of round 0 plus the paired change, so the
 * uncertainty of round 0 cancels. Of the diversity measures, only support and tail mass determine
 * the verdict, because they are relative to natural text. Entropy, distinct n-grams and self-BLEU
 * are only reported. A model that has learned little generates noise, which is more diverse than
 * natural text, so diversity falls both when a model learns and when it collapses.
 */
final class RoundsAnalyst {
  private static final String BASELINE = "round 0";

  RoundsFindings analyze(
      Rounds rounds, RoundsPlan plan, List<RoundRun> runs, List<String> warnings) {
    Findings compared =
        new StudyAnalyst()
            .analyze(
                provenance(rounds, plan), runs.stream().map(r -> relabelled(r, rounds)).toList());
    Figures figures = new Figures(runs, compared);
    Map<Strategy, List<RoundFigures>> byStrategy = new LinkedHashMap<>();
    Map<Strategy, Collapse> verdicts = new LinkedHashMap<>();
    for (Strategy strategy : rounds.strategies()) {
      List<RoundFigures> own = new ArrayList<>();
      for (int round = 0; round <= rounds.rounds(); round++) {
        figures.of(round, mixture(Optional.of(strategy), round)).ifPresent(own::add);
      }
      byStrategy.put(strategy, List.copyOf(own));
      verdicts.put(
          strategy,
          verdict(own, rounds.rounds(), figures.seedNoiseKnown())
              .on(strategy.toString(), "natural", rounds.model().orElseThrow().name()));
    }
    List<String> all = new ArrayList<>(warnings);
    all.addAll(plan.round0().warnings());
    addWarnings(rounds, runs, all);
    return new AnalyzedRounds(rounds, plan, runs, byStrategy, verdicts, all);
  }

  /** Converts a run to the run of a study in which each round is a mixture. */
  private static RunResult relabelled(RoundRun run, Rounds rounds) {
    RunResult r = run.result();
    RunKey key =
        new RunKey(
            mixture(run.key().strategy(), run.key().round()),
            r.key().model(),
            rounds.tokens().orElseThrow(),
            run.key().seed());
    return r.at(key, r.failure(), r.measurements());
  }

  private static String mixture(Optional<Strategy> strategy, int round) {
    return round == 0 ? BASELINE : strategy.orElseThrow() + " " + round;
  }

  private static Provenance provenance(Rounds rounds, RoundsPlan plan) {
    Map<String, Map<String, Double>> mixtures = new LinkedHashMap<>();
    plan.models()
        .forEach(m -> mixtures.put(mixture(m.key().strategy(), m.key().round()), m.shares()));
    return new Provenance(
        rounds.name(),
        mixtures,
        List.of(),
        List.of(),
        "",
        0,
        plan.round0().engine(),
        plan.round0().device(),
        BASELINE,
        List.of(),
        Map.of(),
        List.of(),
        Optional.empty());
  }

  private static final class Figures {
    private final Findings compared;
    private final Map<String, List<Estimate>> losses = new LinkedHashMap<>();
    private final Map<String, List<TextDiversity>> texts = new LinkedHashMap<>();
    private final Map<TextDiversity.Measure, SeedMeans> diversity =
        new EnumMap<>(TextDiversity.Measure.class);

    Figures(List<RoundRun> runs, Findings compared) {
      this.compared = compared;
      for (MeanLoss mean : compared.means()) {
        losses
            .computeIfAbsent(mean.key().mixture(), m -> new ArrayList<>())
            .add(mean.macroNatsPerToken());
      }
      for (RoundRun run : runs) {
        run.text()
            .map(WrittenText::diversity)
            .flatMap(Answer::toOptional)
            .filter(d -> run.result().completed())
            .ifPresent(
                d ->
                    texts
                        .computeIfAbsent(
                            mixture(run.key().strategy(), run.key().round()),
                            m -> new ArrayList<>())
                        .add(d));
      }
      for (TextDiversity.Measure measure : TextDiversity.Measure.values()) {
        diversity.put(
            measure,
            new SeedMeans(
                texts.values().stream()
                    .map(seeds -> seeds.stream().map(t -> t.of(measure)).toList())
                    .toList(),
                false));
      }
    }

    boolean seedNoiseKnown() {
      return losses.values().stream().anyMatch(seeds -> seeds.size() > 1);
    }

    Optional<RoundFigures> of(int round, String mixture) {
      List<Estimate> seeds = losses.get(mixture);
      if (seeds == null) {
        return Optional.empty();
      }
      Map<String, Estimate> changes = new LinkedHashMap<>();
      for (Comparison c : compared.comparisons()) {
        if (c.mixture().equals(mixture)) {
          changes.put(c.domain(), c.difference());
        }
      }
      Estimate change = changes.getOrDefault(FittedLaw.MACRO, Estimate.of(0, 0, 0));
      changes.remove(FittedLaw.MACRO);
      return Optional.of(
          new RoundFigures(
              round,
              seeds.size(),
              new SeedMeans(losses.values(), true).of(seeds),
              change,
              changes,
              Optional.ofNullable(texts.get(mixture)).map(this::mean)));
    }

    private TextDiversity mean(List<TextDiversity> seeds) {
      Map<TextDiversity.Measure, Estimate> means = new EnumMap<>(TextDiversity.Measure.class);
      diversity.forEach(
          (measure, mean) ->
              means.put(measure, mean.of(seeds.stream().map(s -> s.of(measure)).toList())));
      return new TextDiversity(
          seeds.stream().mapToLong(TextDiversity::documents).sum() / seeds.size(),
          seeds.get(0).words(),
          means);
    }
  }

  private static CollapseVerdict verdict(
      List<RoundFigures> figures, int wanted, boolean seedNoiseKnown) {
    if (figures.isEmpty() || figures.get(figures.size() - 1).round() < wanted) {
      int reached = figures.isEmpty() ? -1 : figures.get(figures.size() - 1).round();
      return CollapseVerdict.of(
          Collapse.Outcome.NOT_DECIDABLE,
          reached < 0
              ? "no model of round 0 completed"
              : "no chain of models got beyond round " + reached + " of " + wanted);
    }
    if (!seedNoiseKnown) {
      return CollapseVerdict.of(
          Collapse.Outcome.NOT_DECIDABLE,
          "with one seed, seed noise is unknown; set Rounds.seeds(3)");
    }
    double before = figures.get(0).loss().value();
    List<RoundCollapse.Round> rounds = new ArrayList<>();
    for (RoundFigures f : figures) {
      Map<Measure, Estimate> measures = new EnumMap<>(Measure.class);
      Estimate c = f.change();
      measures.put(
          Measure.LOSS,
          Estimate.of(
              before + c.value(), before + c.interval().low(), before + c.interval().high()));
      f.diversity()
          .ifPresent(
              d -> {
                measures.put(Measure.SUPPORT, d.of(TextDiversity.Measure.SUPPORT));
                measures.put(Measure.TAIL_MASS, d.of(TextDiversity.Measure.TAIL_MASS));
              });
      rounds.add(new RoundCollapse.Round(f.round(), measures));
    }
    return RoundCollapse.judge(rounds);
  }

  private static void addWarnings(Rounds rounds, List<RoundRun> runs, List<String> warnings) {
    for (RoundRun run : runs) {
      if (!run.result().completed()) {
        warnings.add(
            Texts.format(
                "the model of %s did not complete (%s), so its chain ends there",
                run.key(), run.result().outcome()));
      }
      run.text()
          .map(WrittenText::diversity)
          .filter(d -> d.toOptional().isEmpty())
          .ifPresent(d -> warnings.add("text of " + run.key() + ": " + d));
    }
    if (rounds.seeds() == 1) {
      warnings.add(
          "with one seed, intervals include the uncertainty due to documents, but not the seed noise of training and generation; set Rounds.seeds(3)");
    }
  }
}
