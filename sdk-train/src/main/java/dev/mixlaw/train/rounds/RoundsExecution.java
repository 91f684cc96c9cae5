package dev.mixlaw.train.rounds;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.Study;
import dev.mixlaw.api.StudyListener;
import dev.mixlaw.api.TokenizerSpec;
import dev.mixlaw.api.internal.spi.PreparedData;
import dev.mixlaw.api.internal.spi.RoundRunner;
import dev.mixlaw.api.internal.spi.RoundRunner.Workplace;
import dev.mixlaw.api.internal.spi.StudyRunner.PlannedStudy;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.rounds.RoundKey;
import dev.mixlaw.api.rounds.RoundRun;
import dev.mixlaw.api.rounds.Rounds;
import dev.mixlaw.api.rounds.RoundsPlan;
import dev.mixlaw.api.rounds.WrittenText;
import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.api.units.Tokens;
import dev.mixlaw.train.engine.Engines;
import dev.mixlaw.train.run.LocalStudyRunner;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Planned rounds that are ready to run. Models with the same round and budget form a study. */
final class RoundsExecution implements RoundRunner.PlannedRounds {
  private final RoundsContext context;
  private final Rounds rounds;
  private final RoundMixtures mixtures;
  private final PlannedStudy round0;
  private final RoundsPlan plan;

  /**
   * Plans rounds.
   *
   * @throws MixlawException if the rounds cannot be run; the exception lists all problems
   */
  RoundsExecution(Rounds rounds, PreparedData data, Workplace place, LocalStudyRunner studies) {
    LocalStudyRunner runner = studies.withFirstSeeds(mixture -> 0);
    NaturalCorpus natural = new NaturalCorpus(data, rounds.writing().promptTokens());
    List<Problem> problems = new ArrayList<>(natural.problems(rounds));
    try {
      this.round0 =
          runner.plan(rounds.round0(), data, place.lab(), place.evaluator(), place.resources());
    } catch (MixlawException e) {
      problems.addAll(e.problems());
      throw new MixlawException(e.kind(), problems, e);
    }
    TrainingEngine engine =
        place.resources().engine().orElseGet(() -> Engines.byName(round0.plan().engine()));
    Optional<Problem> silent = Engines.cannotWrite(engine, "Lab.Builder.engine");
    silent.ifPresent(problems::add);
    if (!problems.isEmpty()) {
      throw new MixlawException(
          silent.isPresent() ? MixlawException.Kind.ENGINE : MixlawException.Kind.DESCRIPTION,
          problems,
          null);
    }
    this.rounds = rounds;
    this.context =
        new RoundsContext(rounds, data, natural, place.withEngine(engine), runner, engine);
    this.mixtures = context.mixtures();
    this.plan = new RoundsEstimate(context, round0.plan()).plan();
  }

  @Override
  public RoundsPlan plan() {
    return plan;
  }

  @Override
  public List<RoundRun> run(StudyListener listener) {
    TextGenerationJob generation = new TextGenerationJob(context, listener);
    Map<RoundKey, RoundRun> done = new LinkedHashMap<>();
    List<RunResult> first = round0.run(listener);
    List<RoundKey> keys = mixtures.round0();
    for (int i = 0; i < keys.size(); i++) {
      done.put(keys.get(i), written(keys.get(i), first.get(i), generation));
    }
    TokenizerSpec tokenizer = sameTokenizer();
    for (int round = 1; round <= rounds.rounds(); round++) {
      mixtures
          .studiesOf(round)
          .forEach((budget, group) -> train(budget, group, tokenizer, listener, generation, done));
    }
    return List.copyOf(done.values());
  }

  /** Returns the tokenizer of round 0, which all later rounds must use. */
  private TokenizerSpec sameTokenizer() {
    if (!rounds.tokenizer().isTrained()) {
      return rounds.tokenizer();
    }
    Path file = context.directory().resolve("tokenizer.json");
    context.data().tokenizer().save(file);
    return TokenizerSpec.huggingFace(file);
  }

  private void train(
      Tokens budget,
      List<RoundKey> group,
      TokenizerSpec tokenizer,
      StudyListener listener,
      TextGenerationJob generation,
      Map<RoundKey, RoundRun> done) {
    List<RoundKey> keys =
        group.stream()
            .filter(k -> mixtures.sources(k).stream().allMatch(s -> text(s, done).isPresent()))
            .toList();
    if (keys.isEmpty()) {
      return;
    }
    Map<String, RoundKey> byLabel =
        keys.stream().collect(Collectors.toMap(RoundKey::label, Function.identity()));
    Study study =
        Study.named(rounds.name())
            .mixtures(keys.stream().map(k -> mixtures.mixture(k, s -> corpus(s, done))).toList())
            .models(rounds.model().orElseThrow())
            .budgets(budget)
            .evaluateOn(rounds.domains())
            .tokenizer(tokenizer)
            .recipe(rounds.round0().recipe())
            .maxRepeats(rounds.maxRepeats());
    LocalStudyRunner runner =
        context.studies().withFirstSeeds(mixture -> byLabel.get(mixture).seed());
    Workplace place = context.place();
    List<RunResult> results;
    try (PreparedData text = place.preparer().prepare(study, place.preparedText(), listener)) {
      results =
          runner.plan(study, text, place.lab(), place.evaluator(), place.resources()).run(listener);
    }
    for (RunResult result : results) {
      RoundKey key = byLabel.get(result.key().mixture());
      done.put(key, written(key, result, generation));
    }
  }

  private RoundRun written(RoundKey key, RunResult result, TextGenerationJob generation) {
    if (!result.completed()) {
      return new RoundRun(key, result, Optional.empty());
    }
    return new RoundRun(key, result, Optional.of(generation.write(key, result.identity())));
  }

  private static Optional<WrittenText> text(RoundKey key, Map<RoundKey, RoundRun> done) {
    RoundRun run = done.get(key);
    return run == null ? Optional.empty() : run.text();
  }

  private static Corpus corpus(RoundKey key, Map<RoundKey, RoundRun> done) {
    return Corpus.jsonl(text(key, done).orElseThrow().file())
        .named(key.label())
        .other("the model of " + key);
  }
}
