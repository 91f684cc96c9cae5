package dev.mixlaw.train.run;

import com.sun.management.OperatingSystemMXBean;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Plan;
import dev.mixlaw.api.Plan.PlannedRun;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.Study;
import dev.mixlaw.api.internal.Hashing;
import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.api.internal.spi.PreparedData;
import dev.mixlaw.api.internal.spi.StudyRunner.Resources;
import dev.mixlaw.api.internal.spi.TokenSource;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.train.engine.Engines;
import dev.mixlaw.train.run.child.ChildJvm;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/** Checks a study and estimates the resources that it needs. Planning does not write any files. */
final class StudyPlanner {
  /** Time in seconds that the JVM needs to compile the code for training and measuring. */
  static final double START_SECONDS = 3;

  /** Time in seconds to store the checkpoint, the model and the measurements of a run. */
  static final double SECONDS_PER_RUN = 0.03;

  private final Study study;
  private final PreparedData data;
  private final LabStore store;
  private final StudyMeasurements measurements;
  private final Resources resources;
  private final RunSettings settings;
  private final List<Problem> problems = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  StudyPlanner(
      Study study,
      PreparedData data,
      LabStore store,
      StudyMeasurements measurements,
      Resources resources,
      RunSettings settings) {
    this.study = study;
    this.data = data;
    this.store = store;
    this.measurements = measurements;
    this.resources = resources;
    this.settings = settings;
  }

  /**
   * Plans the study.
   *
   * @param reading whether the results that are in the lab are read; if not, the plan contains
   *     neither the state of the runs nor the remaining time
   * @throws MixlawException if the study cannot be run; the exception lists all problems
   */
  ExecutionPlan plan(boolean reading) {
    List<RunJob> jobs = RunJobFactory.of(study, data.tokenizer().vocabulary(), problems);
    problems.addAll(CorpusSizeRules.problems(study, data, jobs));
    boolean describedWell = problems.isEmpty();
    EarlierRuns earlier = new EarlierRuns(measurements);
    Optional<String> usedBefore =
        measurements
            .records()
            .study(study.name(), earlier::damaged)
            .map(r -> r.provenance().engine());
    Optional<TrainingEngine> chosen = engine(usedBefore);
    if (chosen.isEmpty() || jobs.isEmpty()) {
      throw refusal(describedWell);
    }
    TrainingEngine engine = chosen.get();
    if (settings.childJvms().isPresent()) {
      problems.addAll(JobInChildJvm.problems(engine, measurements.evaluator(), data));
    }
    if (!possible(jobs, engine) || !problems.isEmpty()) {
      throw refusal(describedWell);
    }
    Resources available = available(engine);
    WorkerLayout layout =
        WorkerLayout.of(
            jobs, engine, available, settings.childJvms().isPresent() ? ChildJvm.BYTES : 0);
    long memory = memory(layout, jobs, engine, available);
    if (!problems.isEmpty()) {
      throw refusal(describedWell);
    }
    RunIdentities identities = new RunIdentities(data, engine, layout::threads);
    Set<String> inLab = new HashSet<>();
    if (reading) {
      // An empty lab is planned with two operations, however many runs the study has.
      inLab.addAll(store.list("runs"));
      inLab.addAll(store.list("measurements"));
    }
    read(jobs, identities, inLab, earlier);
    if (!study.rateFactors().isEmpty()) {
      List<RunJob> checks = new RateCheckJobs(study, identities, earlier).of(jobs, problems, notes);
      read(checks, identities, inLab, earlier);
      jobs = Stream.concat(jobs.stream(), checks.stream()).toList();
    }
    warn(engine, earlier);
    if (!problems.isEmpty()) {
      throw refusal(true);
    }
    long tokens = jobs.stream().mapToLong(RunJob::allTokens).sum();
    WorkLeft left =
        reading
            ? workLeft(layout, engine, identities, jobs, inLab, earlier)
            : new WorkLeft(tokens, Duration.ZERO);
    List<PlannedRun> runs = runs(identities, jobs, earlier);
    Plan plan =
        new Plan(
            study.name(),
            engine.name(),
            engine.device(),
            layout.workers(),
            layout.mostThreads(jobs),
            layout.reason(),
            runs,
            tokens,
            jobs.stream().mapToDouble(RemainingWork::work).sum(),
            left.tokens(),
            memory,
            left.time(),
            digest(runs),
            notes,
            warnings);
    return new ExecutionPlan(plan, engine, layout, identities, jobs, earlier);
  }

  private static void read(
      List<RunJob> jobs, RunIdentities identities, Set<String> inLab, EarlierRuns earlier) {
    jobs.stream()
        .flatMap(job -> job.branches().stream().map(branch -> identities.of(job, branch)))
        .filter(inLab::contains)
        .forEach(earlier::read);
  }

  private MixlawException refusal(boolean describedWell) {
    return new MixlawException(
        describedWell ? MixlawException.Kind.ENGINE : MixlawException.Kind.DESCRIPTION,
        problems,
        null);
  }

  private String digest(List<PlannedRun> runs) {
    StringBuilder all = new StringBuilder();
    runs.stream()
        .filter(r -> r.key().rateFactor() == 1)
        .forEach(r -> all.append(r.key()).append(' ').append(r.identity()).append('\n'));
    measurements.on().forEach(m -> all.append(m).append('\n'));
    return Hashing.sha256(all.toString());
  }

  /**
   * Returns the engine that is set for the lab. If there is none, returns the engine that the study
   * has used before, if it can run on this machine, and otherwise the best engine.
   */
  private Optional<TrainingEngine> engine(Optional<String> usedBefore) {
    try {
      TrainingEngine engine =
          resources
              .engine()
              .or(() -> usedBefore.flatMap(StudyPlanner::available))
              .orElseGet(Engines::auto);
      Optional<Problem> reason = engine.unavailable();
      if (reason.isPresent()) {
        problems.add(reason.get());
        return Optional.empty();
      }
      if (resources.engine().isEmpty()) {
        Engines.passedOver(engine)
            .forEach(p -> notes.add("engine " + engine.name() + " is used; " + p));
      }
      usedBefore
          .filter(before -> !before.equals(engine.name()))
          .ifPresent(
              before ->
                  notes.add(
                      "the study was run with engine %s before; with %s its runs will be trained again"
                          .formatted(before, engine.name())));
      return Optional.of(engine);
    } catch (MixlawException e) {
      problems.addAll(e.problems());
      return Optional.empty();
    }
  }

  private static Optional<TrainingEngine> available(String engine) {
    try {
      return Optional.of(Engines.byName(engine));
    } catch (MixlawException e) {
      return Optional.empty(); // a note says that another engine is used
    }
  }

  /**
   * Returns the resources of the lab, with the memory limited to that of the GPU or of this
   * machine.
   */
  private Resources available(TrainingEngine engine) {
    OptionalLong ofDevice = engine.deviceMemory();
    if (ofDevice.isPresent()) {
      return resources.withMemoryBytes(ofDevice.getAsLong());
    }
    if (!engine.onGpu()
        && ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
      long memory = Math.min(resources.memoryBytes(), system.getTotalMemorySize());
      return resources.withMemoryBytes(memory);
    }
    return resources;
  }

  /** Returns whether the engine supports all models, regardless of memory. */
  private boolean possible(List<RunJob> jobs, TrainingEngine engine) {
    boolean possible = true;
    for (SessionSpec spec : jobs.stream().map(t -> t.session(1)).distinct().toList()) {
      try {
        engine.cost(spec);
      } catch (MixlawException e) {
        possible = false;
        e.problems().stream().filter(p -> !problems.contains(p)).forEach(problems::add);
      }
    }
    return possible;
  }

  private long memory(
      WorkerLayout layout, List<RunJob> jobs, TrainingEngine engine, Resources available) {
    long one = layout.memoryOfOne(jobs, engine);
    if (one * layout.workersPerDevice() > available.memoryBytes()) {
      problems.add(
          new Problem(
              "study " + study.name() + ": memory",
              layout.workersPerDevice() + " workers need " + one + " bytes each",
              "at most "
                  + available.memoryBytes()
                  + " bytes in total"
                  + (available.equals(resources)
                      ? ""
                      : ", all that %s has"
                          .formatted(
                              engine.deviceMemory().isPresent()
                                  ? engine.device()
                                  : "this machine")),
              "increase Lab.Builder.memoryBytes, use smaller models, or change Recipe.withBatch or ModelSpec.withContext"));
    }
    jobs.stream()
        .map(t -> engine.cost(layout.session(t)).note())
        .filter(note -> !note.isEmpty())
        .distinct()
        .forEach(notes::add);
    return one * layout.workers();
  }

  private List<PlannedRun> runs(RunIdentities identities, List<RunJob> jobs, EarlierRuns earlier) {
    List<PlannedRun> runs = new ArrayList<>();
    for (RunJob job : jobs) {
      TokenSource source = job.source(data);
      for (RunJob.Branch branch : job.branches()) {
        String identity = identities.of(job, branch);
        runs.add(
            new PlannedRun(
                branch.key(),
                identity,
                job.model().nonEmbeddingParameters(),
                job.model().parameters(job.rows()),
                job.tokens(branch),
                branch.steps(),
                job.batchSequences(branch),
                job.learningRate(branch),
                RunResults.repeats(source, job.sequences(branch)),
                earlier.trained(identity),
                earlier.settled(identity)));
      }
    }
    return runs;
  }

  private void warn(TrainingEngine engine, EarlierRuns earlier) {
    if (study.recipe().learningRate().isEmpty()) {
      List<String> outside =
          study.models().stream()
              .filter(m -> !measured(m.nonEmbeddingParameters()))
              .map(ModelSpec::name)
              .toList();
      if (!outside.isEmpty()) {
        warnings.add(
            "the rule for the learning rate was measured at 25k to 400k and 215M to 1.07B parameters; sweep the learning rate for models "
                + String.join(", ", outside));
      }
    }
    Optional<String> devices = earlier.differentDevices(engine);
    if (resources.strictReproduction()) {
      devices.map(found -> notReproducible(study.name(), found)).ifPresent(problems::add);
    } else {
      devices.ifPresent(warnings::add);
    }
    warnings.addAll(earlier.warnings());
  }

  static Problem notReproducible(String study, String devices) {
    return new Problem(
        "study " + study + ": strict reproduction",
        devices,
        "one kind of device",
        "train the study on the device of its earlier runs or in a new lab, or omit Lab.Builder.strictReproduction");
  }

  private static boolean measured(long parameters) {
    return (parameters > 20e3 && parameters < 500e3) || (parameters > 200e6 && parameters < 1.1e9);
  }

  /** The number of tokens on which runs still have to be trained, and the time for all work. */
  private record WorkLeft(long tokens, Duration time) {}

  private WorkLeft workLeft(
      WorkerLayout layout,
      TrainingEngine engine,
      RunIdentities identities,
      List<RunJob> jobs,
      Set<String> inLab,
      EarlierRuns earlier) {
    RemainingWork work =
        new RemainingWork(
            store, identities, settings.disk(), inLab, earlier, measurements, warnings);
    List<Double> seconds = new ArrayList<>();
    double training = 0;
    double measuring = 0;
    long tokens = 0;
    long runs = 0;
    for (RunJob job : RemainingWork.longestFirst(jobs)) {
      RemainingWork.Remaining left = work.of(job);
      double speed = engine.cost(layout.session(job)).tokensPerSecond();
      // A measurement needs a forward pass, which takes a third of the operations of training. Long
      // documents need overlapping windows, which increase the work by a factor of up to 4/3.
      double measured = left.measuredTokens() * 4 / 9.0;
      double files = SECONDS_PER_RUN * left.runs();
      seconds.add(speed > 0 ? files + (left.trainedTokens() + measured) / speed : 0);
      training += speed > 0 ? left.trainedTokens() / speed : 0;
      measuring += speed > 0 ? measured / speed : 0;
      tokens += left.trainedTokens();
      runs += left.runs();
    }
    noteMeasuring(runs, measuring / (training + measuring));
    double start = runs > 0 ? START_SECONDS : 0;
    long millis = Math.round((start + layout.makespan(seconds)) * 1000);
    return new WorkLeft(tokens, Duration.ofMillis(millis));
  }

  private void noteMeasuring(long runs, double share) {
    if (runs == 0 || !(share > 0)) {
      return;
    }
    long domainTokens = data.domains().stream().mapToLong(d -> d.facts().tokens()).sum();
    String text =
        Texts.format(
            "each of %d runs is measured on %,d tokens of %d domains, which takes about %.0f %% of the total time",
            runs, domainTokens, data.domains().size(), 100 * share);
    notes.add(share > 0.5 ? text + " (Domains.atMostBytes reduces it)" : text);
  }
}
