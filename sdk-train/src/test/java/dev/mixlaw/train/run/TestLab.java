package dev.mixlaw.train.run;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.Mixture;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.MultipleChoice;
import dev.mixlaw.api.Plan;
import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.Schedule;
import dev.mixlaw.api.Study;
import dev.mixlaw.api.StudyEvent;
import dev.mixlaw.api.StudyListener;
import dev.mixlaw.api.internal.spi.StoredStudy;
import dev.mixlaw.api.internal.spi.StudyRunner;
import dev.mixlaw.api.results.Measurement;
import dev.mixlaw.api.results.Provenance;
import dev.mixlaw.api.results.RunKey;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.spi.DomainEvaluator;
import dev.mixlaw.api.spi.TokenizedText;
import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.api.units.Tokens;
import dev.mixlaw.train.storage.Disk;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/** A lab with a study and the components that tests may replace. */
final class TestLab {
  final Path directory;
  Study study = smallStudy();
  MarkovData data = new MarkovData();
  BigramEngine engine = new BigramEngine();
  Optional<TrainingEngine> asked = Optional.of(engine);
  DomainEvaluator evaluator = new SumEvaluator();
  Disk disk = new QuickDisk();
  RunSettings.CheckpointRule checkpoints = (steps, nanos, saveNanos) -> steps >= 5;
  boolean keepModels = true;
  boolean inChildJvms;
  int threads = 1;
  OptionalInt threadsPerRun = OptionalInt.empty();
  long memoryBytes = 1_000_000_000;
  boolean strict;
  Duration lease = Duration.ofMinutes(1);
  final List<StudyEvent> events = Collections.synchronizedList(new ArrayList<>());
  StudyListener listener = events::add;

  TestLab(Path directory) {
    this.directory = directory;
  }

  /**
   * Returns a study of two mixtures and one model. Steps have 4 sequences of 16 tokens, so the
   * budgets are 10, 20 and 40 steps. Branches begin at steps 8, 16 and 32.
   */
  static Study smallStudy() {
    return smallStudy("small");
  }

  static Study smallStudy(String name) {
    Corpus nat = corpus("nat");
    Corpus syn = corpus("syn").rephrased("markov");
    return Study.named(name)
        .mixtures(Mixture.of(nat), Mixture.named("syn-25").with(nat, 0.75).with(syn, 0.25))
        .models(ModelSpec.of("tiny", 8, 1, 1, 16).withContext(16))
        .budgets("640", "1280", "2560")
        .recipe(
            Recipe.standard()
                .with(Schedule.warmupStableDecay(4, 0.2))
                .withLearningRate(2)
                .withBatch(Tokens.tokens(64)));
  }

  /**
   * Returns a multiple-choice test. Its content depends on the index of the right answer to the
   * first question.
   */
  static MultipleChoice questions(String name, int answer) {
    return new MultipleChoice(
        name,
        List.of(
            new MultipleChoice.Question("q1", "ab", List.of("cd", "ef", "gh"), answer),
            new MultipleChoice.Question("q2", "ba", List.of("a", "b"), 1),
            new MultipleChoice.Question("q3", "", List.of("x", "yz"), 0)));
  }

  static Corpus corpus(String name) {
    return Corpus.documents(name, () -> DocumentStream.of(List.<Document>of())).natural();
  }

  LabStore store() {
    return LabStore.open(directory, disk);
  }

  LocalStudyRunner runner() {
    LocalStudyRunner here = new LocalStudyRunner(RunSettings.of(disk, checkpoints, keepModels));
    return inChildJvms ? here.inChildJvms() : here;
  }

  StudyRunner.Resources resources() {
    return new StudyRunner.Resources(asked, threads, threadsPerRun, memoryBytes, strict, lease);
  }

  Plan plan() {
    return runner().plan(study, data, directory, evaluator, resources()).plan();
  }

  /** Returns the study as stored in the lab. Fails if a file is damaged. */
  StoredStudy stored() {
    return runner()
        .stored(
            directory,
            study.name(),
            damaged -> {
              throw new AssertionError(damaged);
            })
        .orElseThrow();
  }

  List<RunResult> run() {
    events.clear();
    return submit().run(listener);
  }

  /** Stores the study in the lab without training. */
  StudyRunner.PlannedStudy submit() {
    StudyRunner.PlannedStudy planned =
        runner().plan(study, data, directory, evaluator, resources());
    planned.store(provenance(planned.plan()));
    return planned;
  }

  /** Executes jobs of all studies in the lab; {@link #study} is ignored. */
  void work() {
    runner()
        .work(directory, (tokenizer, corpora, domains) -> data, evaluator, resources(), listener);
  }

  private Provenance provenance(Plan plan) {
    return new Provenance(
        study.name(),
        study.mixtures().stream().collect(Collectors.toMap(Mixture::name, Mixture::shares)),
        data.corpora().stream().map(TokenizedText::facts).toList(),
        data.domains().stream().map(TokenizedText::facts).toList(),
        data.tokenizer().name(),
        data.tokenizer().vocabulary(),
        plan.engine(),
        plan.device(),
        study.mixtures().get(0).name(),
        List.of(),
        Map.of("digest", plan.digest()),
        plan.warnings(),
        Optional.empty());
  }

  Path runDirectory(String identity) {
    return directory.resolve("runs").resolve(identity);
  }

  /**
   * Returns copies of the results without times, the only values that may differ between equivalent
   * runs.
   */
  static List<RunResult> timeless(List<RunResult> results) {
    return results.stream().map(r -> copy(r, r.key(), r.identity(), r.measurements(), 0)).toList();
  }

  static RunResult copy(
      RunResult r, RunKey key, String identity, List<Measurement> measurements, double seconds) {
    return new RunResult(
        key,
        identity,
        r.failure(),
        r.nonEmbeddingParameters(),
        r.parameters(),
        r.tokens(),
        r.flops(),
        r.exactFlops(),
        r.askedShares(),
        r.achievedShares(),
        r.repeats(),
        r.learningRate(),
        r.batchSequences(),
        r.trainingLoss(),
        measurements,
        seconds);
  }
}
