package dev.mixlaw.train.run;

import com.sun.management.OperatingSystemMXBean;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Plan;
import dev.mixlaw.api.Plan.PlannedRun;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.Study;
import dev.mixlaw.api.internal.spi.PreparedData;
import dev.mixlaw.api.internal.spi.StudyRunner.Resources;
import dev.mixlaw.api.internal.spi.TokenSource;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.spi.RunStore;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TokenizedText;
import dev.mixlaw.api.spi.TrainingEngine;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Checks a study and estimates what running it takes. Changes nothing. */
final class StudyPlanner {
  private final Study study;
  private final PreparedData data;
  private final RunStore store;
  private final Resources resources;
  private final RunSettings settings;
  private final List<Problem> problems = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  StudyPlanner(
      Study study, PreparedData data, RunStore store, Resources resources, RunSettings settings) {
    this.study = study;
    this.data = data;
    this.store = store;
    this.resources = resources;
    this.settings = settings;
  }

  /**
   * Plans the study.
   *
   * @throws MixlawException with all problems at once
   */
  ExecutionPlan plan() {
    List<RunJob> jobs =
        RunJobFactory.of(study, data.tokenizer().vocabulary(), settings.firstSeeds(), problems);
    problems.addAll(CorpusSizeRules.problems(study, data, jobs));
    boolean describedWell = problems.isEmpty();
    Optional<TrainingEngine> engine = engine();
    if (engine.isEmpty() || jobs.isEmpty()) {
      throw refusal(describedWell);
    }
    if (!possible(jobs, engine.get())) {
      throw refusal(describedWell);
    }
    Resources there = there(engine.get());
    WorkerLayout layout = WorkerLayout.of(store, jobs, engine.get(), there);
    long memory = memory(layout, jobs, engine.get(), there);
    if (!problems.isEmpty()) {
      throw refusal(describedWell);
    }
    RunIdentities identities =
        new RunIdentities(data, study.tests(), engine.get(), layout.threadsPerWorker());
    Map<String, RunResult> earlier = earlier(identities, jobs);
    if (!problems.isEmpty()) {
      throw new MixlawException(MixlawException.Kind.STORAGE, problems, null);
    }
    warn(layout, engine.get());
    Duration time = time(layout, engine.get(), identities, jobs, earlier);
    Plan plan =
        new Plan(
            study.name(),
            engine.get().name(),
            engine.get().device(),
            layout.workers(),
            layout.threadsPerWorker(),
            layout.reason(),
            runs(identities, jobs, earlier),
            jobs.stream().mapToLong(RunJob::allTokens).sum(),
            jobs.stream()
                .mapToDouble(
                    t ->
                        t.model().trainingFlopsPerToken(t.rows())
                            * t.allTokens())
                .sum(),
            memory,
            time,
            notes,
            warnings);
    return new ExecutionPlan(plan, engine.get(), layout, identities, jobs, earlier);
  }

  private MixlawException refusal(boolean describedWell) {
    return new MixlawException(
        describedWell ? MixlawException.Kind.ENGINE : MixlawException.Kind.DESCRIPTION,
        problems,
        null);
  }

  private Optional<TrainingEngine> engine() {
    String asked = resources.engine();
    Optional<String> frozen = store.frozen("engine");
    if (frozen.isPresent() && !asked.equals("auto") && !asked.equals(frozen.get())) {
      problems.add(
          new Problem(
              "study " + study.name() + ": engine",
              asked + ", but the study was started with " + frozen.get(),
              frozen.get(),
              "Lab.Builder.engine, or another directory in Lab.open"));
      return Optional.empty();
    }
    try {
      TrainingEngine engine = settings.engine(frozen.orElse(asked)).engine();
      Optional<Problem> reason = engine.unavailable();
      reason.ifPresent(problems::add);
      if (reason.isEmpty()) {
        settings
            .engine(asked)
            .passedOver()
            .forEach(p -> notes.add("engine " + engine.name() + " is used; " + p));
      }
      return reason.isPresent() ? Optional.empty() : Optional.of(engine);
    } catch (MixlawException e) {
      problems.addAll(e.problems());
      return Optional.empty();
    }
  }

  /**
   * Returns the given resources, with at most the memory that the machine, container or device has.
   */
  private Resources there(TrainingEngine engine) {
    OptionalLong ofDevice = engine.deviceMemory();
    if (ofDevice.isPresent()) {
      return new Resources(resources.engine(), resources.threads(), ofDevice.getAsLong());
    }
    if (engine.device().startsWith("cpu")
        && ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
      long memory = Math.min(resources.memoryBytes(), system.getTotalMemorySize());
      return new Resources(resources.engine(), resources.threads(), memory);
    }
    return resources;
  }

  /** Returns whether the engine supports each model, regardless of memory. */
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
      WorkerLayout layout, List<RunJob> jobs, TrainingEngine engine, Resources there) {
    long one = layout.memoryOfOne(jobs, engine);
    if (one * layout.workers() > there.memoryBytes()) {
      problems.add(
          new Problem(
              "study " + study.name() + ": memory",
              layout.workers() + " workers need " + one + " bytes each",
              "at most "
                  + there.memoryBytes()
                  + " bytes in total"
                  + (there.equals(resources)
                      ? ""
                      : ", all that "
                          + (engine.deviceMemory().isPresent() ? engine.device() : "this machine")
                          + " has"),
              "Lab.Builder.memoryBytes, smaller models, Recipe.withBatch or"
                  + " ModelSpec.withContext"));
    }
    jobs.stream()
        .map(t -> engine.cost(layout.session(t)).note())
        .filter(note -> !note.isEmpty())
        .distinct()
        .forEach(notes::add);
    return one * layout.workers();
  }

  private Map<String, RunResult> earlier(RunIdentities identities, List<RunJob> jobs) {
    Map<String, RunResult> earlier = new LinkedHashMap<>();
    for (RunJob job : jobs) {
      for (RunJob.Branch branch : job.branches()) {
        String identity = identities.of(job, branch);
        try {
          store.find(identity).ifPresent(result -> earlier.put(identity, result));
        } catch (MixlawException e) {
          problems.addAll(e.problems());
        }
      }
    }
    return earlier;
  }

  private List<PlannedRun> runs(
      RunIdentities identities, List<RunJob> jobs, Map<String, RunResult> earlier) {
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
                RunResults.settled(earlier.get(identity))));
      }
    }
    return runs;
  }

  private void warn(WorkerLayout layout, TrainingEngine engine) {
    if (study.recipe().learningRate().isEmpty()) {
      List<String> outside =
          study.models().stream()
              .filter(m -> !measured(m.nonEmbeddingParameters()))
              .map(ModelSpec::name)
              .toList();
      if (!outside.isEmpty()) {
        warnings.add(
            "the rule for the learning rate was measured at 50k to 400k and 215M to 1.07B"
                + " parameters; sweep the learning rate for models "
                + String.join(", ", outside));
      }
    }
    int threads = layout.workers() * layout.threadsPerWorker();
    if (threads > resources.threads()) {
      warnings.add(
          "the study was started with "
              + threads
              + " threads and continues with them, more than the "
              + resources.threads()
              + " given: their number affects the results");
    }
    Optional<String> device = store.frozen("device");
    if (device.isPresent() && !device.get().equals(engine.device())) {
      warnings.add(
          "the study was started on "
              + device.get()
              + " and continues on "
              + engine.device()
              + ": the last digits of results may differ between them");
    }
  }

  /** Returns whether the rule for batch and rate was measured near a model size. */
  private static boolean measured(long parameters) {
    return (parameters > 40e3 && parameters < 500e3) || (parameters > 200e6 && parameters < 1.1e9);
  }

  /** Estimates the time of the remaining work, with all workers busy. */
  private Duration time(
      WorkerLayout layout,
      TrainingEngine engine,
      RunIdentities identities,
      List<RunJob> jobs,
      Map<String, RunResult> earlier) {
    long domainTokens =
        data.domains().stream().map(TokenizedText::facts).mapToLong(f -> f.tokens()).sum();
    RemainingWork outlook = new RemainingWork(store, identities, settings.disk(), earlier);
    List<Double> seconds = new ArrayList<>();
    double training = 0;
    double measuring = 0;
    long measurements = 0;
    for (RunJob job : RemainingWork.longestFirst(jobs)) {
      RemainingWork.Remaining left = outlook.of(job);
      double speed = engine.cost(layout.session(job)).tokensPerSecond();
      // Measuring is a forward pass, a third of training's work; windows that overlap by half a
      // context, as long documents need, do it twice.
      double measured = left.runs() * domainTokens * 2 / 3.0;
      double trained = left.tokens();
      seconds.add(speed > 0 ? (trained + measured) / speed : 0);
      training += speed > 0 ? trained / speed : 0;
      measuring += speed > 0 ? measured / speed : 0;
      measurements += left.runs();
    }
    noteMeasuring(domainTokens, measurements, measuring / (training + measuring));
    warnings.addAll(outlook.warnings());
    return Duration.ofMillis(Math.round(layout.makespan(seconds) * 1000));
  }

  private void noteMeasuring(long domainTokens, long runs, double share) {
    if (runs == 0 || !(share > 0)) {
      return;
    }
    String text =
        String.format(
            Locale.ROOT,
            "each of %d runs is measured on %,d tokens of %d domains, about %.0f %% of the total time",
            runs,
            domainTokens,
            data.domains().size(),
            100 * share);
    notes.add(share > 0.5 ? text + " (Domains.atMostBytes reduces it)" : text);
  }
}
