package dev.mixlaw.train.run;

import dev.mixlaw.api.MultipleChoice;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.internal.spi.PreparedData;
import dev.mixlaw.api.results.RunFailure;
import dev.mixlaw.api.spi.DomainEvaluator;
import dev.mixlaw.api.spi.TrainingEngine;
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
 * The runs of a {@link RunJob} that a child JVM trains and measures in the lab of the parent.
 *
 * @param trunk identity of the trunk, which the child JVM must reproduce
 * @param open identities of the runs to execute
 * @param engine class name of the engine
 * @param evaluator class name of the evaluator
 */
record JobInChildJvm(
    String lab,
    RunJob job,
    String trunk,
    List<String> open,
    String engine,
    String evaluator,
    WorkerLayout layout,
    boolean keepModels,
    List<MultipleChoice> tests)
    implements ChildJob {
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
                    "a class on the class path that has a constructor without parameters",
                    "use LocalStudyRunner without inChildJvms, or provide such a class"));
          }
        });
    if (text.reopening().isEmpty()) {
      problems.add(
          new Problem(
              "the text cannot be opened in a child JVM",
              text.getClass().getName(),
              "text that was prepared by mixlaw-mix",
              "use LocalStudyRunner without inChildJvms"));
    }
    return problems;
  }

  /**
   * Executes runs in a child JVM. If the JVM dies, a new JVM continues from the last checkpoint. If
   * a second JVM dies during the same run, that run fails. If a second JVM dies while training the
   * trunk, all runs that still need the trunk fail.
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
      String[] segment = {""}; // the part of the job that the child is executing
      ChildJvm.Parent parent =
          new ChildJvm.Parent() {
            @Override
            public void on(ChildReport report) {
              if (report.kind() == Kind.ENDED) {
                trainer.reportStored(left.remove(report.subject()));
              } else {
                segment[0] = report.kind() == Kind.REACHED ? report.subject() : segment[0];
                context.progress().accept(report);
              }
            }

            @Override
            public Answer answer() {
              boolean save = context.stop().saving() && !lost.getAsBoolean();
              return lost.getAsBoolean() || context.stop().requested()
                  ? save ? Answer.SAVE_AND_STOP : Answer.STOP
                  : Answer.CONTINUE;
            }
          };
      Optional<ChildJvmDiedException> death = Optional.empty();
      try {
        ChildJvm.run(
            name,
            context.engine().properties(),
            context.layout().threads(job),
            of(context, job, List.copyOf(left.keySet())),
            context.data().reopening().orElseThrow(),
            context.settings().childJvms().orElseThrow(),
            parent);
      } catch (ChildJvmDiedException e) {
        death = Optional.of(e);
      }
      context.stop().check();
      if (lost.getAsBoolean()) {
        throw new JobClaims.LostException();
      }
      if (death.isPresent()) {
        String message = death.get().getMessage();
        if (died.add(left.containsKey(segment[0]) ? segment[0] : "trunk")) {
          context.warn(job + ": " + message + "; training continues from the last checkpoint");
        } else {
          List<Branch> failed =
              left.containsKey(segment[0])
                  ? List.of(left.get(segment[0]))
                  : List.copyOf(left.values());
          left.values().removeAll(failed);
          trainer.fail(
              failed,
              RunFailure.of(
                  RunFailure.Kind.CHILD_JVM_DIED, "failed twice: " + message, death.get()));
        }
      }
    }
  }

  private static JobInChildJvm of(TrainingContext context, RunJob job, List<String> open) {
    return new JobInChildJvm(
        context.store().directory("").toAbsolutePath().toString(),
        job,
        context.identities().of(job),
        open,
        ChildJob.type(context.engine()).orElseThrow(),
        ChildJob.type(context.measurements().evaluator()).orElseThrow(),
        context.layout(),
        context.settings().keepModels(),
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
      StudyMeasurements measurements =
          new StudyMeasurements(
              new LabRecords(store),
              text,
              tests,
              ChildJob.create(evaluator, DomainEvaluator.class));
      TrainingContext context =
          new TrainingContext(
              text,
              store,
              measurements,
              new EarlierRuns(measurements),
              trained,
              layout,
              new RunIdentities(text, trained, layout::threads),
              parent::report,
              stop,
              RunSettings.of(disk, RunSettings.CheckpointRule.standard(), keepModels),
              new ReentrantReadWriteLock());
      if (!trunk.equals(context.identities().of(job))) {
        throw new IllegalStateException(job + " has another identity in the child JVM");
      }
      Map<Branch, String> runs = new LinkedHashMap<>();
      job.branches().forEach(b -> runs.put(b, context.identities().of(job, b)));
      runs.values().retainAll(open);
      runs.values().forEach(context.earlier()::read);
      new RunJobTrainer(
              context,
              job,
              () -> false,
              (run, result) -> parent.report(ChildReport.of(Kind.ENDED, runs.get(run), 0)))
          .execute(List.copyOf(runs.keySet()));
    } catch (StopSignal.Stopped e) {
      // If the parent requested a checkpoint, it has been written.
    } catch (IOException e) {
      throw Disk.fault(lab, Path.of(lab), e);
    }
  }
}
