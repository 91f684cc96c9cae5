package dev.mixlaw.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.Study;
import dev.mixlaw.api.StudyEvent;
import dev.mixlaw.api.StudyListener;
import dev.mixlaw.api.internal.spi.StudyRunner;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.spi.LanguageModel;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.api.spi.TrainingSession;
import dev.mixlaw.train.engine.Engines;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The tests of studies that every engine must pass. */
abstract class EngineStudyContract {
  @TempDir Path directory;

  /** Returns the name of the engine. */
  abstract String engine();

  /** Less text than a run needs, so that runs repeat it. */
  private final MarkovData data = new MarkovData().documents("nat", 36).documents("syn", 10);

  private final Study study = study();

  private static Study study() {
    Study small = TestLab.smallStudy();
    return Study.named("engines")
        .mixtures(small.mixtures().get(1))
        .models(ModelSpec.of("tiny", 32, 2, 2, 64).withContext(16))
        .budgets("2560", "5120")
        .recipe(small.recipe().withLearningRate(1e-2));
  }

  /**
   * The study is interrupted during the warm-up, during the first epoch, in branches, and several
   * epochs later.
   */
  @Test
  void aStudyInterruptedAnywhereContinuesToTheSameBits() {
    List<RunResult> expected = TestLab.timeless(run("whole", StudyListener.none()));
    assertThat(expected).allMatch(RunResult::completed);
    assertThat(expected.get(1).repeats().get("syn")).as("epochs").isGreaterThan(3);
    double first = expected.get(0).measurements().get(0).value().value();
    assertThat(first).isLessThan(Math.log(MarkovData.VOCABULARY) - 0.5);

    for (int end : new int[] {2, 50, 85}) {
      String name = "ended-" + end;
      int[] steps = {0};
      assertThatThrownBy(
              () ->
                  run(
                      name,
                      event -> {
                        if (event instanceof StudyEvent.Stepped && ++steps[0] == end) {
                          throw new KillPoints.Killed(
                              "enough for today"); // not counted as a failure of the listener
                        }
                      }))
          .isInstanceOf(KillPoints.Killed.class);
      List<RunResult> results = run(name, StudyListener.none());

      assertThat(TestLab.timeless(results)).as("ended at step %d", end).isEqualTo(expected);
      for (RunResult result : results) {
        for (String file : List.of("model.safetensors", "config.json", "tokenizer.json")) {
          String path = "runs/" + result.identity() + "/model/" + file;
          assertThat(directory.resolve(name).resolve(path))
              .hasSameBinaryContentAs(directory.resolve("whole").resolve(path));
        }
      }
    }
  }

  @Test
  void continuesTheTrainingOfAModel() {
    Study first = study.budgets("640");
    List<RunResult> scratch = run(first, "lab", StudyListener.none());
    RunResult last = scratch.get(2);
    Path model = directory.resolve("lab/runs/" + last.identity() + "/model");
    Study next = Study.named("next").mixtures(study.mixtures().get(0)).models(study.models());
    next = next.budgets("640").startFrom(model);
    List<Double> losses = new ArrayList<>();
    StudyListener listener =
        event -> {
          if (event instanceof StudyEvent.Stepped step && step.step() == 1) {
            losses.add(step.loss());
          }
        };

    List<RunResult> still =
        run(next.recipe(study.recipe().withLearningRate(1e-30)), "lab", listener);
    List<RunResult> continued = run(next.recipe(study.recipe()), "lab", listener);

    assertThat(still.get(0).measurements()).as("after 0 steps").isEqualTo(last.measurements());
    assertThat(losses.get(1)).as("at the first step").isEqualTo(losses.get(0));
    double before = last.measurements().get(0).value().value();
    double after = continued.get(0).measurements().get(0).value().value();
    assertThat(after).isLessThan(scratch.get(0).measurements().get(0).value().value() - 0.2);
    assertThat(after).isCloseTo(before, within(0.2));
    Path other = directory.resolve("lab/runs/" + scratch.get(1).identity() + "/model");
    assertThat(run(next.recipe(study.recipe()).startFrom(other), "lab", listener))
        .as("weights are part of the identity")
        .extracting(RunResult::identity)
        .doesNotContain(continued.get(0).identity(), scratch.get(0).identity());
  }

  /**
   * An engine that multiplies the learning rate of one model by 10³⁰, so that its training
   * diverges.
   */
  private record DivergingEngine(TrainingEngine engine, String model) implements TrainingEngine {
    @Override
    public String name() {
      return engine.name();
    }

    @Override
    public String device() {
      return engine.device();
    }

    @Override
    public Optional<Problem> unavailable() {
      return engine.unavailable();
    }

    @Override
    public Cost cost(SessionSpec spec) {
      return engine.cost(spec);
    }

    @Override
    public TrainingSession open(SessionSpec spec) {
      TrainingSession session = engine.open(spec);
      return spec.model().name().equals(model) ? new DivergingSession(session) : session;
    }
  }

  private record DivergingSession(TrainingSession session) implements TrainingSession {
    @Override
    public StepResult step(int[] sequences, double learningRate) {
      return session.step(sequences, learningRate * 1e30);
    }

    @Override
    public Supplier<StepResult> begin(int[] sequences, double learningRate) {
      return session.begin(sequences, learningRate * 1e30);
    }

    @Override
    public Map<String, float[]> gradients(int[] sequences) {
      return session.gradients(sequences);
    }

    @Override
    public LanguageModel model() {
      return session.model();
    }

    @Override
    public void save(Path into) {
      session.save(into);
    }

    @Override
    public void load(Path from) {
      session.load(from);
    }

    @Override
    public void close() {
      session.close();
    }
  }

  @Test
  void aLossThatIsNotFiniteIsDivergenceAndTheStudyContinues() {
    String engine = engine();
    Study two = study.models(ModelSpec.of("wild", 32, 1, 2, 64).withContext(16));
    List<RunResult> results;
    results =
        new LocalStudyRunner()
            .plan(
                two,
                data,
                directory,
                new SumEvaluator(),
                resources(engine).withEngine(new DivergingEngine(Engines.byName(engine), "wild")))
            .run(StudyListener.none());

    assertThat(results).hasSize(4);
    for (RunResult result : results) {
      if (result.key().model().equals("wild")) {
        assertThat(result.failure().orElseThrow().step()).hasValue(2);
        assertThat(result.outcome()).containsAnyOf("NaN", "Infinity");
      } else {
        assertThat(result.completed()).isTrue();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("tooLarge")
  void aModelThatDoesNotFitIsRefusedByThePlan(int width, int layers, String problem) {
    String engine = engine();
    Study study =
        Study.named("huge")
            .mixtures(TestLab.smallStudy().mixtures())
            .models(ModelSpec.of("huge", width, layers, 8, 3 * width).withContext(16))
            .recipe(TestLab.smallStudy().recipe())
            .budgets("640");
    assertThatThrownBy(
            () ->
                new LocalStudyRunner()
                    .plan(study, data, directory, new SumEvaluator(), resources(engine)))
        .isInstanceOfSatisfying(
            MixlawException.class, e -> assertThat(e.kind()).isEqualTo(MixlawException.Kind.ENGINE))
        .hasMessageContaining(problem);
  }

  @Test
  void trainsInChildJvmsToTheSameBits() {
    String engine = engine();
    Study one = Study.named("child").mixtures(study.mixtures().get(0)).models(study.models());
    Study small = one.budgets("640").recipe(study.recipe());
    StudyRunner.Resources alone =
        new StudyRunner.Resources(
            Optional.of(Engines.byName(engine)), 1, OptionalInt.empty(), 1_000_000_000, false);
    List<RunResult> expected;
    List<RunResult> results;
    RunResult start = run(small, "start", StudyListener.none()).get(0);
    small = small.startFrom(directory.resolve("start/runs/" + start.identity() + "/model"));
    expected =
        new LocalStudyRunner()
            .plan(small, data, directory.resolve("here"), new SumEvaluator(), alone)
            .run(StudyListener.none());
    results =
        new LocalStudyRunner()
            .inChildJvms()
            .plan(small, data, directory.resolve("child"), new SumEvaluator(), alone)
            .run(StudyListener.none());

    assertThat(results).allMatch(RunResult::completed);
    assertThat(TestLab.timeless(results)).isEqualTo(TestLab.timeless(expected));
  }

  private List<RunResult> run(String name, StudyListener listener) {
    return run(study, name, listener);
  }

  private List<RunResult> run(Study of, String name, StudyListener listener) {
    return new LocalStudyRunner()
        .plan(of, data, directory.resolve(name), new SumEvaluator(), resources(engine()))
        .run(listener);
  }

  private static StudyRunner.Resources resources(String engine) {
    return new StudyRunner.Resources(
        Optional.of(Engines.byName(engine)), 2, OptionalInt.empty(), 500_000_000, false);
  }
}
