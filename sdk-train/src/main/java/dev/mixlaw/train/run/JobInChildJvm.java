package dev.mixlaw.train.run;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.Mixture;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.MultipleChoice;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.internal.spi.PreparedData;
import dev.mixlaw.api.results.RunFailure;
import dev.mixlaw.api.spi.DomainEvaluator;
import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.train.engine.Engines;
import dev.mixlaw.train.run.RunJob.Branch;
import dev.mixlaw.train.run.child.ChildJob;
import dev.mixlaw.train.run.child.ChildJvm;
import dev.mixlaw.train.run.child.ChildJvm.Answer;
import dev.mixlaw.train.run.child.ChildJvmDiedException;
import dev.mixlaw.train.run.child.ChildReport;
import dev.mixlaw.train.run.child.ChildReport.Kind;
import dev.mixlaw.train.run.child.ChildReporter;
import dev.mixlaw.train.storage.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BooleanSupplier;

/**
 * Runs of a {@link RunJob} for a child JVM, which trains and measures them as a worker of this JVM
 * does, on the same lab.
 *
 * @param lab directory of the lab
 * @param trunk identity of the trunk
 * @param open identities of the runs to execute
 * @param engine name of its class
 * @param evaluator name of its class
 * @param shares of the mixture, by corpus
 */
record JobInChildJvm(
    String lab,
    String trunk,
    List<String> open,
    String engine,
    String evaluator,
    WorkerLayout layout,
    boolean keepModels,
    String mixture,
    LinkedHashMap<String, Double> shares,
    ModelSpec model,
    int seed,
    int rows,
    Recipe recipe,
    List<Branch> branches,
    List<MultipleChoice> tests)
    implements ChildJob {
  /** Returns the problems that prevent jobs in child JVMs. */
  static List<Problem> problems(
      TrainingEngine engine, DomainEvaluator evaluator, PreparedData text) {
    List<Problem> problems = new ArrayList<>();
    Map<String, Object> created =
        Map.of("engine " + engine.name(), engine, "evaluator " + evaluator.version(), evaluator);
    created.forEach(
        (name, object) -> {
          if (ChildJob.type(object).isEmpty()) {
            problems.add(
                new Problem(
                    name + " cannot be created in a child JVM",
                    object.getClass().getName() + " of " + object.getClass().getClassLoader(),
                    "a class on the class path with a constructor without parameters",
                    "use LocalStudyRunner without inChildJvms, or put it on the class path"));
          }
        });
    if (text.reopening().isEmpty()) {
      problems.add(
          new Problem(
              "the text cannot be opened in a child JVM",
              text.getClass().getName(),
              "the text of the preparer of mixlaw-mix",
              "use LocalStudyRunner without inChildJvms"));
    }
    return problems;
  }

  /**
   * Executes runs in a child JVM. If it dies, a new one continues from the last checkpoint. What it
   * was doing fails when it dies at that a second time: a run, or all that still need the trunk.
   */
  static void execute(
      TrainingContext context,
      RunJob job,
      RunJobTrainer trainer,
      BooleanSupplier lost,
      List<Branch> runs)
      throws IOException {
    Map<String, Branch> left = new LinkedHashMap<>();
    runs.forEach(run -> left.put(context.identities().of(job, run), run));
    Set<String> died = new HashSet<>();
    String name = "engine " + context.engine().name() + ", model " + job.model().name();
    while (!left.isEmpty()) {
      Watching parent = new Watching(context, job, trainer, lost, left);
      try {
        ChildJvm.run(
            name,
            context.layout().threads(job),
            of(context, job, List.copyOf(left.keySet())),
            context.data().reopening().orElseThrow(),
            context.settings().childJvms().orElseThrow(),
            parent);
        parent.check();
      } catch (ChildJvmDiedException e) {
        parent.check();
        Optional<Branch> run = Optional.ofNullable(left.get(parent.segment));
        if (died.add(run.isPresent() ? parent.segment : "trunk")) {
          context
              .progress()
              .warned(
                  job + ": training continues from the last checkpoint after: " + e.getMessage());
        } else {
          List<Branch> ended = run.map(List::of).orElseGet(() -> List.copyOf(left.values()));
          left.values().removeAll(ended);
          RunFailure.Kind kind = RunFailure.Kind.CHILD_JVM_DIED;
          trainer.fail(ended, RunJobTrainer.failure(kind, "failed twice: " + e.getMessage(), e));
        }
      }
    }
  }

  /** What the parent knows of the child. */
  private static final class Watching implements ChildJvm.Parent {
    private final TrainingContext context;
    private final RunJob job;
    private final RunJobTrainer trainer;
    private final BooleanSupplier lost;
    private final Map<String, Branch> left;
    private String segment = "";

    Watching(
        TrainingContext context,
        RunJob job,
        RunJobTrainer trainer,
        BooleanSupplier lost,
        Map<String, Branch> left) {
      this.context = context;
      this.job = job;
      this.trainer = trainer;
      this.lost = lost;
      this.left = left;
    }

    @Override
    public void on(ChildReport report) {
      switch (report.kind()) {
        case REACHED -> {
          segment = report.subject();
          context.progress().reached(segment, report.tokens());
        }
        case STEPPED -> {
          Branch last = job.branches().get(job.branches().size() - 1);
          context
              .progress()
              .stepped(
                  segment,
                  report.tokens(),
                  left.getOrDefault(segment, last),
                  report.step(),
                  report.loss());
        }
        case ENDED -> trainer.reportStored(left.remove(report.subject()));
        default -> context.progress().warned(report.subject());
      }
    }

    @Override
    public Answer answer() {
      return lost.getAsBoolean() || context.stop().requested()
          ? context.stop().saving() && !lost.getAsBoolean() ? Answer.SAVE_AND_STOP : Answer.STOP
          : Answer.CONTINUE;
    }

    /** Ends the job in this JVM too if the child was stopped. */
    void check() {
      context.stop().check();
      if (lost.getAsBoolean()) {
        throw new JobClaims.LostException();
      }
    }
  }

  private static JobInChildJvm of(TrainingContext context, RunJob job, List<String> open) {
    return new JobInChildJvm(
        context.store().directory("").toAbsolutePath().toString(),
        context.identities().of(job),
        open,
        ChildJob.type(context.engine()).orElseThrow(),
        ChildJob.type(context.measurements().evaluator()).orElseThrow(),
        context.layout(),
        context.settings().keepModels(),
        job.mixture().name(),
        new LinkedHashMap<>(job.mixture().shares()),
        job.model(),
        job.seed(),
        job.rows(),
        job.recipe(),
        job.branches(),
        context.measurements().questions());
  }

  @Override
  public void run(PreparedData text, ChildReporter parent) {
    TrainingEngine trained = ChildJob.create(engine, TrainingEngine.class);
    StopSignal stop = new StopSignal();
    parent.onStop(answer -> stop.request(answer == Answer.SAVE_AND_STOP));
    Disk disk = new Disk();
    LabStore store = LabStore.open(Path.of(lab), disk);
    try {
      LabRecords records = new LabRecords(store);
      StudyMeasurements measurements =
          new StudyMeasurements(
              records, text, tests, ChildJob.create(evaluator, DomainEvaluator.class));
      TrainingContext context =
          new TrainingContext(
              text,
              store,
              records,
              measurements,
              new EarlierRuns(measurements),
              trained,
              layout,
              new RunIdentities(text, trained, layout::threads),
              progress(parent),
              stop,
              RunSettings.of(
                  name -> Engines.Choice.of(trained),
                  disk,
                  RunSettings.CheckpointRule.standard(),
                  keepModels),
              new ReentrantReadWriteLock());
      RunJob job = job();
      if (!trunk.equals(context.identities().of(job))) {
        throw new IllegalStateException(job + " has another identity in the child JVM");
      }
      Map<Branch, String> runs = new LinkedHashMap<>();
      branches.forEach(b -> runs.put(b, context.identities().of(job, b)));
      runs.values().retainAll(open);
      runs.values().forEach(context.earlier()::read);
      new RunJobTrainer(
              context,
              job,
              () -> false,
              (run, result) -> parent.report(ChildReport.of(Kind.ENDED, runs.get(run), 0)))
          .execute(List.copyOf(runs.keySet()));
    } catch (StopSignal.Stopped e) {
      // Its checkpoint is written if the parent wants it.
    } catch (IOException e) {
      throw Disk.fault(lab, Path.of(lab), e);
    }
  }

  private RunJob job() {
    Mixture mixed = Mixture.named(mixture);
    for (Map.Entry<String, Double> part : shares.entrySet()) {
      // Its text is in the prepared data.
      Corpus corpus = Corpus.documents(part.getKey(), () -> DocumentStream.of(List.<Document>of()));
      mixed = mixed.with(corpus, part.getValue());
    }
    Batches batches =
        new Batches(recipe, model, branches.get(branches.size() - 1).key().budget().count());
    return new RunJob(mixed, model, seed, rows, batches, recipe, branches);
  }

  private static JobProgress progress(ChildReporter parent) {
    return new JobProgress() {
      @Override
      public void reached(String segment, long reached) {
        parent.report(ChildReport.of(Kind.REACHED, segment, reached));
      }

      @Override
      public void stepped(String segment, long reached, Branch run, long step, double loss) {
        parent.report(new ChildReport(Kind.STEPPED, segment, reached, step, loss, List.of()));
      }

      @Override
      public void warned(String warning) {
        parent.report(ChildReport.of(Kind.WARNED, warning, 0));
      }
    };
  }
}
