package dev.mixlaw.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Mixture;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Plan;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.Schedule;
import dev.mixlaw.api.Study;
import dev.mixlaw.api.StudyEvent;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingEngine.AtOnce;
import dev.mixlaw.api.units.Tokens;
import dev.mixlaw.train.engine.Engines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlanTest {
  @TempDir Path directory;
  private TestLab lab;

  @BeforeEach
  void open() {
    lab = new TestLab(directory);
  }

  @Test
  void roundsBudgetsToStepsAndCountsTrunksOnce() {
    lab.study = lab.study.budgets("5000"); // 78.125 steps of 64 tokens

    Plan plan = lab.plan();

    assertThat(plan.runs()).hasSize(8);
    assertThat(plan.runs().subList(0, 4))
        .extracting(Plan.PlannedRun::steps)
        .containsExactly(10L, 20L, 40L, 78L);
    assertThat(plan.runs().get(3).tokens()).isEqualTo(78 * 64);
    // Branches begin at steps 8, 16, 32 and round(78 · 0.8) = 62.
    long steps = 62 + 2 + 4 + 8 + 16;
    assertThat(plan.trainedTokens()).isEqualTo(2 * steps * 64);
    ModelSpec model = lab.study.models().get(0);
    assertThat(plan.exactFlops())
        .isEqualTo(plan.trainedTokens() * model.trainingFlopsPerToken(MarkovData.VOCABULARY));
    assertThat(plan.runs().get(0).nonEmbeddingParameters())
        .isEqualTo(model.nonEmbeddingParameters());
    assertThat(plan.runs().get(0).parameters()).isEqualTo(model.parameters(MarkovData.VOCABULARY));
  }

  @Test
  void countsRepeatsByCorpus() {
    lab.data.documents("syn", 8); // 320 tokens: 19 sequences of 16 and one to predict
    lab.study = lab.study.maxRepeats(3);

    Plan plan = lab.plan();

    // The largest budget has 160 sequences, of which a quarter is from this corpus.
    assertThat(plan.runs().get(5).repeats().get("syn")).isCloseTo(40 / 19.0, within(1e-12));
  }

  @Test
  void estimatesTimeFromTheEnginesSpeedAndTheWorkers() {
    Plan one = lab.plan();
    lab.threads = 2;
    Plan two = lab.plan();

    // The engine trains 1000 tokens per second. Evaluating 2 domains of 240 tokens costs 4/9 of
    // training on them.
    double job = 3 * StudyPlanner.SECONDS_PER_RUN + (46 * 64 + 3 * 480 * 4 / 9.0) / 1000;
    double start = StudyPlanner.START_SECONDS;
    assertThat(one.estimatedTime().toMillis()).isEqualTo(Math.round((start + 2 * job) * 1000));
    assertThat(two.estimatedTime().toMillis()).isEqualTo(Math.round((start + job) * 1000));
    assertThat(two.workers()).isEqualTo(2);
    assertThat(two.threadsPerWorker()).isEqualTo(1);
    assertThat(two.memoryBytes()).isEqualTo(2_000_000);
  }

  @Test
  void threadsOfARunDependOnItsModelAlone() {
    lab.threads = 8;
    assertThat(lab.plan().workers()).isEqualTo(2);
    assertThat(lab.plan().threadsPerWorker()).isEqualTo(1);
    assertThat(lab.plan().layoutReason()).isEqualTo("there are 2 independent jobs");

    lab.study =
        Study.named("large")
            .mixtures(lab.study.mixtures())
            .models(ModelSpec.of("large", 1024, 8, 16, 2816).withContext(16))
            .recipe(lab.study.recipe())
            .budgets("640")
            .seeds(2);
    assertThat(lab.plan().workers()).isEqualTo(2);
    assertThat(lab.plan().threadsPerWorker()).isEqualTo(4);
    assertThat(lab.plan().layoutReason()).isEqualTo("each model uses at least 4 threads");
    assertThat(lab.plan().toString()).contains(lab.plan().layoutReason());
    lab.threads = 2;
    assertThat(lab.plan().workers()).isEqualTo(1);
    assertThat(lab.plan().threadsPerWorker()).isEqualTo(4);

    lab.threadsPerRun = OptionalInt.of(2);
    assertThat(lab.plan().threadsPerWorker()).isEqualTo(2);
  }

  @Test
  void littleMemoryMeansFewerWorkers() {
    lab.threads = 2;
    lab.memoryBytes = 1_900_000;

    assertThat(lab.plan().workers()).isEqualTo(1);
    assertThat(lab.plan().layoutReason()).contains("no more workers fit in 1900000 bytes");
    assertThat(lab.plan().threadsPerWorker()).isEqualTo(1);
  }

  @Test
  void anEngineThatCanSaveMemoryGetsTheMemoryLimitAndThePlanNotesIt() {
    double files = 1000 * (StudyPlanner.START_SECONDS + 6 * StudyPlanner.SECONDS_PER_RUN);
    double all = lab.plan().estimatedTime().toMillis() - files;
    lab.engine.leastBytes = 400_000;
    lab.memoryBytes = 900_000;

    assertThat(lab.plan().memoryBytes()).isEqualTo(400_000);
    assertThat(lab.plan().notes()).containsOnlyOnce("tiny computes twice");
    assertThat(lab.plan().estimatedTime().toMillis() - files).isCloseTo(2 * all, within(1.0));
    List<Long> limits = new CopyOnWriteArrayList<>();
    lab.engine.hook =
        new BigramEngine.Hook() {
          @Override
          public void step(SessionSpec spec, long step) {
            limits.add(spec.memoryBytes());
          }
        };
    lab.run();
    assertThat(limits).isNotEmpty().containsOnly(900_000L);
  }

  @Test
  void workersShareTheMemory() {
    lab.threads = 2;
    lab.run();
    lab.engine.leastBytes = 400_000;
    lab.memoryBytes = 1_800_000;

    assertThat(lab.plan().workers()).isEqualTo(2);
    assertThat(lab.plan().memoryBytes()).isEqualTo(800_000);
  }

  @Test
  void fewerWorkersAreUsedIfMemoryIsShort() {
    lab.threads = 8;
    lab.engine.memoryPerThread = 500_000;
    lab.memoryBytes = 4_600_000;

    lab.study = lab.study.seeds(4);

    // A worker needs 1.5 MB, so three of eight workers fit.
    assertThat(lab.plan().workers()).isEqualTo(3);
    assertThat(lab.plan().threadsPerWorker()).isEqualTo(1);
    assertThat(lab.plan().memoryBytes()).isEqualTo(4_500_000);
  }

  @Test
  void aGpuIsUsedByOneWorkerWithOneThread() {
    lab.threads = 8;
    lab.engine.device = "cuda (test)";
    lab.engine.deviceMemory = OptionalLong.of(100_000_000);

    assertThat(lab.plan().workers()).isEqualTo(1);
    assertThat(lab.plan().threadsPerWorker()).isEqualTo(1);
  }

  @Test
  void theWorkersPerGpuAreLimitedByTheEngineAndTheMemory() {
    lab.threads = 2;
    lab.memoryBytes = 1; // host memory, which does not limit a GPU
    lab.study = lab.study.seeds(3);
    lab.engine.device = "cuda (test)";
    lab.engine.deviceMemory = OptionalLong.of(100_000_000);
    lab.engine.atOnce = spec -> new AtOnce(4, "tried");

    assertThat(lab.plan().workers()).isEqualTo(4);
    assertThat(lab.plan().layoutReason()).isEqualTo("tried");
    assertThat(lab.plan().memoryBytes()).isEqualTo(4_000_000);

    lab.engine.atOnce = spec -> new AtOnce(16, "tried");
    assertThat(lab.plan().workers()).as("two mixtures, three seeds").isEqualTo(6);
    assertThat(lab.plan().layoutReason()).contains("tried", "6 independent jobs");

    lab.engine.deviceMemory = OptionalLong.of(2_500_000);
    assertThat(lab.plan().workers()).isEqualTo(2);
    assertThat(lab.plan().layoutReason()).contains("no more workers fit in 2500000 bytes");

    lab.engine.deviceMemory = OptionalLong.of(500_000);
    assertThat(problems())
        .singleElement()
        .asString()
        .contains("at most 500000 bytes in total, all that cuda (test) has");
  }

  @Test
  void theNumberOfThreadsOfTheLabChangesNoRun() {
    lab.run();
    lab.threads = 4;

    Plan after = lab.plan();

    assertThat(after.workers()).isEqualTo(2);
    assertThat(after.runs()).allMatch(Plan.PlannedRun::done);
    assertThat(after.toString()).contains("6 runs (6 reused, 0 new)");
  }

  @Test
  void thePlanSaysWhatIsLeftOfAllRuns() {
    long all = lab.plan().trainedTokens();
    assertThat(lab.plan().remainingTokens()).isEqualTo(all);
    assertThat(lab.plan().toString())
        .contains("5.89k tokens and", " FLOPs in all; left: 5.89k tokens, about 10 s; at most");

    lab.run();

    assertThat(lab.plan().trainedTokens()).isEqualTo(all);
    assertThat(lab.plan().remainingTokens()).isZero();
    assertThat(lab.plan().estimatedTime()).isZero();
    assertThat(lab.plan().toString())
        .contains("FLOPs in all; nothing left to train or measure, about 0 s for the analysis;");

    lab.data.domains = List.of("prose", "code", "letters");
    assertThat(lab.plan().toString()).contains("; nothing left to train, about 3 s to measure;");
  }

  @Test
  void aPlanWritesNothing() {
    lab.plan();

    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void thePlanStatesWhyAFasterEngineWasNotChosen() {
    List<Problem> reasons = Engines.passedOver(Engines.auto());
    assumeFalse(reasons.isEmpty(), "the first engine can run here");
    String used = "engine " + Engines.auto().name() + " is used; ";

    assertThat(lab.plan().notes()).noneMatch(n -> n.contains("is used"));
    lab.run();
    lab.asked = Optional.empty();

    assertThat(lab.plan().notes())
        .containsAll(reasons.stream().map(reason -> used + reason).toList())
        .anyMatch(n -> n.contains("run with engine bigram before"));
    assertThat(lab.plan().toString()).contains("note: " + used);
  }

  @Test
  void readsAsATableOfSizesAndOneOfMixtures() {
    lab.study = lab.study.budgets("1000").seeds(2);
    Plan plan = lab.plan();
    List<String> lines = plan.toString().lines().toList();

    for (Mixture mixture : lab.study.mixtures()) {
      long runs =
          plan.runs().stream().filter(r -> r.key().mixture().equals(mixture.name())).count();
      assertThat(lines)
          .filteredOn(l -> l.startsWith(mixture.name() + " "))
          .singleElement()
          .asString()
          .containsPattern(mixture.name() + " +2 +" + runs + " +.*×");
    }
    assertThat(lines)
        .filteredOn(l -> l.startsWith("tiny "))
        .hasSize(lab.study.models().size() * lab.study.budgets().size());
  }

  @Test
  void theEstimateIncludesEvaluation() {
    Plan plan = lab.plan();
    long domainTokens = lab.data.domains().stream().mapToLong(d -> d.facts().tokens()).sum();

    assertThat(plan.notes())
        .singleElement()
        .asString()
        .startsWith("each of " + plan.runs().size() + " runs is measured on " + domainTokens + " ")
        .containsPattern("about [0-9]+ % of the total time");

    lab.run();
    assertThat(lab.plan().notes()).as("nothing is left to measure").isEmpty();
  }

  @Test
  void warnsWhereTheLearningRatesRuleWasNotMeasured() {
    assertThat(lab.plan().warnings()).isEmpty();

    lab.study = lab.study.recipe(dev.mixlaw.api.Recipe.standard().withBatch(Tokens.tokens(64)));

    assertThat(lab.plan().warnings()).singleElement().asString().contains("25k to 400k", "tiny");
  }

  @Test
  void warnsOfAnotherDevice() {
    lab.run();
    lab.engine.device = "cpu (other)";

    assertThat(lab.plan().warnings())
        .singleElement()
        .asString()
        .contains("trained on different devices (cpu (other), cpu (test))");
  }

  @Test
  void strictReproductionRefusesAnotherDevice() {
    lab.strict = true;
    lab.run();
    assertThat(lab.plan().reusedRuns()).isEqualTo(6);
    lab.engine.device = "cpu (other)";

    assertThat(problems())
        .singleElement()
        .asString()
        .contains(
            "study small: strict reproduction", "different devices (cpu (other), cpu (test))");
  }

  /** Another process trains the second mixture while this process trains the first. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void runsTrainedMeanwhileOnAnotherDeviceAreDetected(boolean strict) {
    TestLab other = new TestLab(directory);
    other.study =
        Study.named("other")
            .mixtures(lab.study.mixtures().get(1))
            .models(lab.study.models())
            .budgets("640", "1280", "2560")
            .recipe(lab.study.recipe());
    other.engine.device = "cpu (other)";
    AtomicBoolean first = new AtomicBoolean(true);
    lab.engine.hook =
        new BigramEngine.Hook() {
          @Override
          public void step(SessionSpec spec, long step) {
            if (first.getAndSet(false)) {
              other.run();
            }
          }
        };
    lab.strict = strict;

    if (strict) {
      assertThatThrownBy(lab::run).hasMessageContaining("strict reproduction");
    } else {
      lab.run();
      assertThat(lab.events)
          .filteredOn(StudyEvent.Warned.class::isInstance)
          .singleElement()
          .asString()
          .contains("different devices (cpu (other), cpu (test))");
    }
  }

  @Test
  void refusesAShareThatRoundsToNothing() {
    Corpus nat = TestLab.corpus("nat");
    Corpus syn = TestLab.corpus("syn");
    lab.study = lab.study.mixtures(Mixture.named("trace").with(nat, 0.999).with(syn, 0.001));

    assertThat(problems())
        .singleElement()
        .satisfies(
            p -> {
              assertThat(p.subject()).contains("trace").contains("syn");
              assertThat(p.actual()).contains("rounds to 0").contains("1 of the 640 tokens");
            });
  }

  @Test
  void refusesMoreRepeatsThanAllowed() {
    lab.data.documents("syn", 8);
    lab.study = lab.study.maxRepeats(2);

    assertThat(problems())
        .singleElement()
        .satisfies(
            p -> {
              assertThat(p.subject()).contains("syn-25").contains("corpus syn");
              assertThat(p.actual()).contains("needs 640 tokens").contains("has 304");
              assertThat(p.expected()).contains("2");
              assertThat(p.fix()).contains("Study.maxRepeats");
            });
  }

  @Test
  void refusesACorpusShorterThanASequence() {
    lab.study =
        Study.named("long")
            .mixtures(lab.study.mixtures())
            .models(ModelSpec.of("long", 8, 1, 1, 16).withContext(16_000))
            .recipe(lab.study.recipe())
            .budgets("160000");

    assertThat(problems())
        .filteredOn(p -> p.subject().equals("corpus nat: size"))
        .singleElement()
        .satisfies(
            p -> {
              assertThat(p.actual()).startsWith("16000 tokens, fewer").contains("model long");
              assertThat(p.expected()).contains("16001");
            });
  }

  @Test
  void refusesAVocabularyLargerThanTheModels() {
    lab.study =
        lab.study.models(ModelSpec.of("narrow", 8, 1, 1, 16).withContext(16).withVocabulary(31));

    assertThat(problems())
        .singleElement()
        .satisfies(
            p -> {
              assertThat(p.subject()).contains("narrow");
              assertThat(p.actual()).contains("31 rows").contains("32 tokens");
            });
  }

  @Test
  void refusesBudgetsBelowAStepOrWithinOne() {
    lab.study = lab.study.budgets("63", "650");

    assertThat(problems())
        .anyMatch(p -> p.subject().contains("budget of 63 tokens") && p.expected().contains("64"))
        .anyMatch(
            p -> p.subject().contains("budgets 640 and 650") && p.actual().contains("10 steps"));
  }

  @Test
  void refusesADecayThatRoundsToNothing() {
    lab.study = lab.study.recipe(lab.study.recipe().with(Schedule.warmupStableDecay(0, 0.03)));

    assertThat(problems())
        .anyMatch(p -> p.subject().contains("decay") && p.actual().contains("10 steps"));
  }

  @Test
  void refusesADecayThatLeavesTheTrunkAtItsEnd() {
    lab.study =
        lab.study
            .budgets("128") // 2 steps: the branch would begin at step round(1.5) = 2
            .recipe(lab.study.recipe().with(Schedule.warmupStableDecay(0, 0.25)));

    assertThat(problems())
        .singleElement()
        .satisfies(p -> assertThat(p.subject()).contains("decay of the smallest budget"));
  }

  @Test
  void refusesMoreMemoryThanGiven() {
    lab.memoryBytes = 999_999;

    assertThat(problems())
        .singleElement()
        .satisfies(
            p -> {
              assertThat(p.actual()).contains("1000000");
              assertThat(p.expected()).contains("999999");
              assertThat(p.fix()).contains("memoryBytes");
            });
  }

  @Test
  void refusesMoreMemoryThanTheMachineHasDespiteAHigherLimit() {
    lab.memoryBytes = Long.MAX_VALUE;
    lab.engine.memoryBytes = 1L << 50;

    assertThatThrownBy(() -> lab.plan())
        .isInstanceOf(MixlawException.class)
        .hasMessageContaining((1L << 50) + " bytes")
        .hasMessageContaining("all that this machine has");
    assertThat(lab.engine.opened).hasValue(0);
  }

  @Test
  void refusesAnEngineThatCannotRunHere() {
    lab.engine.unavailable = Optional.of(new Problem("engine", "no card", "a card", "a shop"));

    assertThatThrownBy(lab::plan)
        .isInstanceOfSatisfying(
            MixlawException.class, e -> assertThat(e.kind()).isEqualTo(MixlawException.Kind.ENGINE))
        .hasMessageContaining("no card");
  }

  @Test
  void saysThatAnotherEngineTrainsEverythingAgain() {
    lab.run();
    lab.engine.name = "other";

    assertThat(lab.plan().notes())
        .anyMatch(
            n -> n.contains("run with engine bigram before; with other its runs will be trained"));
    assertThat(lab.plan().newRuns()).isEqualTo(6);
  }

  @Test
  void listsAllProblemsAtOnce() {
    Corpus nat = TestLab.corpus("nat");
    Corpus syn = TestLab.corpus("syn");
    lab.data.documents("syn", 8);
    lab.study =
        lab.study
            .maxRepeats(2)
            .mixtures(Mixture.named("trace").with(nat, 0.999).with(syn, 0.001))
            .models(ModelSpec.of("narrow", 8, 1, 1, 16).withContext(16).withVocabulary(31));
    lab.engine.unavailable = Optional.of(new Problem("engine", "no card", "a card", "a shop"));

    assertThat(problems())
        .extracting(Problem::subject)
        .satisfiesExactlyInAnyOrder(
            w -> assertThat(w).contains("narrow"),
            w -> assertThat(w).contains("mixture syn-25: corpus syn"),
            w -> assertThat(w).contains("trace"),
            w -> assertThat(w).contains("engine"));
    assertThat(lab.engine.openSessions).hasValue(0);
  }

  @Test
  void namesARunWhoseRecordIsDamagedAndTrainsItAgain() throws IOException {
    List<RunResult> results = TestLab.timeless(lab.run());
    String identity = results.get(1).identity();
    Path file = lab.runDirectory(identity).resolve("run.json");
    Files.writeString(file, Files.readString(file).substring(0, 100));

    Plan plan = lab.plan();

    assertThat(plan.warnings())
        .singleElement()
        .asString()
        .contains("runs/" + identity + "/run.json is damaged", "computed again");
    assertThat(plan.newRuns()).isEqualTo(1);
    assertThat(TestLab.timeless(lab.run())).isEqualTo(results);
    assertThat(lab.plan().warnings()).isEmpty();
  }

  private List<Problem> problems() {
    return catchThrowableOfType(MixlawException.class, lab::plan).problems();
  }
}
