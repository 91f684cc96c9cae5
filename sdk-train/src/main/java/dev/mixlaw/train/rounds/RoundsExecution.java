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

/**
 * Planned rounds, ready to run. Each round and budget is a study, and each model generates one
 * text.
 */
final class RoundsExecution implements RoundRunner.PlannedRounds {
  private final Rounds rounds;
  private final PreparedData data;
  private final Workplace place;
  private final LocalStudyRunner studies;
  private final RoundMixtures mixtures;
  private final NaturalCorpus natural;
  private final PlannedStudy round0;
  private final TrainingEngine engine;
  private final RoundsPlan plan;

  /**
   * Plans rounds.
   *
   * @throws MixlawException if the rounds cannot be run; the exception lists all problems
   */
  public RoundsExecution(
      Rounds rounds, PreparedData data, Workplace place, LocalStudyRunner studies) {
    this.rounds = rounds;
    this.data = data;
    this.place = place;
    this.studies = studies.withFirstSeeds(mixture -> 0);
    this.mixtures = new RoundMixtures(rounds);
    this.natural = new NaturalCorpus(rounds, data);
    List<Problem> problems = new ArrayList<>(natural.problems(rounds));
    PlannedStudy first;
    try {
      first =
          this.studies.plan(
              rounds.round0(), data, place.store(), place.evaluator(), place.resources());
    } catch (MixlawException e) {
      problems.addAll(e.problems());
      throw new MixlawException(e.kind(), problems, e);
    }
    this.engine = studies.engine(first.plan().engine());
    Optional<Problem> silent = Engines.cannotWrite(engine, "Lab.Builder.engine");
    silent.ifPresent(problems::add);
    if (!problems.isEmpty()) {
      throw new MixlawException(
          silent.isPresent() ? MixlawException.Kind.ENGINE : MixlawException.Kind.DESCRIPTION,
          problems,
          null);
    }
    this.round0 = first;
    this.plan =
        new RoundsEstimate(rounds, mixtures, natural, engine, place)
            .plan(first.plan(), this::textStore);
  }

  @Override
  public RoundsPlan plan() {
    return plan;
  }

  @Override
  public List<RoundRun> run(StudyListener listener) {
    TextGenerationJob generation =
        new TextGenerationJob(
            rounds, natural, engine, place.resources().threads(), place.preparer(), listener);
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

  /** Returns the tokenizer of round 0. Later rounds use it too, although their text differs. */
  private TokenizerSpec sameTokenizer() {
    if (!rounds.tokenizer().isTrained()) {
      return rounds.tokenizer();
    }
    Path file = place.directory().resolve("tokenizer.json");
    data.tokenizer().save(file);
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
    LocalStudyRunner runner = studies.withFirstSeeds(mixture -> byLabel.get(mixture).seed());
    List<RunResult> results;
    try (PreparedData text = place.preparer().prepare(study, place.preparedText(), listener)) {
      results =
          runner
              .plan(study, text, place.store(), place.evaluator(), place.resources())
              .run(listener);
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
    Path model = place.store().directory("runs/" + result.identity()).resolve("model");
    WrittenText text = generation.write(key, result.identity(), model, textStore(key));
    return new RoundRun(key, result, Optional.of(text));
  }

  private GeneratedTextStore textStore(RoundKey key) {
    return new GeneratedTextStore(place.directory().resolve("texts").resolve(key.label()));
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
