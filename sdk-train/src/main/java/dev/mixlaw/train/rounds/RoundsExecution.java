package dev.mixlaw.train.rounds;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Plan.PlannedRun;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.Study;
import dev.mixlaw.api.StudyListener;
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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Planned rounds that are ready to run. The models of a round form a study. */
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
    LocalStudyRunner runner = studies.withModels();
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
    MixlawException.throwIfAny(
        silent.isPresent() ? MixlawException.Kind.ENGINE : MixlawException.Kind.DESCRIPTION,
        problems);
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
    return execute(listener, study -> true).orElseThrow();
  }

  @Override
  public boolean submit(StudyListener listener) {
    return execute(listener, study -> study.plan().runs().stream().allMatch(PlannedRun::done))
        .isEmpty();
  }

  /**
   * Executes the rounds. Stops at the first round whose models are not trained here, and returns
   * empty.
   *
   * @param trainedHere returns whether this process trains the models of a round
   */
  private Optional<List<RoundRun>> execute(
      StudyListener listener, Predicate<PlannedStudy> trainedHere) {
    Map<RoundKey, RoundRun> done = new LinkedHashMap<>();
    Workplace place = context.place();
    for (int round = 0; round <= rounds.rounds(); round++) {
      List<RoundKey> keys =
          mixtures.round(round).stream()
              .filter(k -> mixtures.sources(k).stream().allMatch(s -> text(s, done).isPresent()))
              .toList();
      if (keys.isEmpty()) {
        break;
      }
      Optional<List<RunResult>> results;
      if (round == 0) {
        results = execute(rounds.round0(), context.data(), round0, listener, trainedHere);
      } else {
        Study study = study(round, keys, done);
        try (PreparedData text = place.preparer().prepare(study, place.preparedText(), listener)) {
          PlannedStudy planned =
              context
                  .studies()
                  .plan(study, text, place.lab(), place.evaluator(), place.resources());
          results = execute(study, text, planned, listener, trainedHere);
        }
      }
      if (results.isEmpty()) {
        return Optional.empty();
      }
      TextGenerationJob generation = new TextGenerationJob(context, listener);
      for (int i = 0; i < keys.size(); i++) {
        done.put(keys.get(i), written(keys.get(i), results.get().get(i), generation));
      }
    }
    return Optional.of(List.copyOf(done.values()));
  }

  /** Stores the study of a round, and trains its models if they are trained here. */
  private Optional<List<RunResult>> execute(
      Study study,
      PreparedData text,
      PlannedStudy planned,
      StudyListener listener,
      Predicate<PlannedStudy> trainedHere) {
    planned.store(context.place().description().of(study, text, planned.plan()));
    return trainedHere.test(planned) ? Optional.of(planned.run(listener)) : Optional.empty();
  }

  /** Returns the study of a round after round 0. Each mixture has one run. */
  private Study study(int round, List<RoundKey> keys, Map<RoundKey, RoundRun> done) {
    Map<String, RoundKey> byLabel =
        keys.stream().collect(Collectors.toMap(RoundKey::label, Function.identity()));
    return rounds
        .study(round)
        .mixtures(keys.stream().map(k -> mixtures.mixture(k, s -> corpus(s, done))).toList())
        .budgets(keys.stream().map(mixtures::budget).distinct().toArray(Tokens[]::new))
        .tokenizer(
            context.studies().tokenizer(context.place().lab(), rounds.round0(), damaged -> {}))
        .only(
            run -> {
              RoundKey key = byLabel.get(run.mixture());
              return run.seed() == key.seed() && run.budget().equals(mixtures.budget(key));
            });
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
