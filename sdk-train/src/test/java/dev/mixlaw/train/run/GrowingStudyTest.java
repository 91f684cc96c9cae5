package dev.mixlaw.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Mixture;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.MultipleChoice;
import dev.mixlaw.api.Plan;
import dev.mixlaw.api.Study;
import dev.mixlaw.api.StudyEvent;
import dev.mixlaw.api.internal.spi.StoredStudy;
import dev.mixlaw.api.results.Measurement;
import dev.mixlaw.api.results.Metric;
import dev.mixlaw.api.results.RunKey;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.spi.DomainEvaluator;
import dev.mixlaw.api.spi.LanguageModel;
import dev.mixlaw.api.spi.TokenizedText;
import dev.mixlaw.api.spi.Tokenizer;
import dev.mixlaw.api.units.Tokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that an extended study trains and evaluates only what the lab does not contain. */
class GrowingStudyTest {
  @TempDir Path directory;
  private TestLab lab;
  private CountingEvaluator evaluator;

  /** An evaluator that records the names of the domains and tests that it evaluates. */
  private static final class CountingEvaluator implements DomainEvaluator {
    final List<String> measured = Collections.synchronizedList(new ArrayList<>());
    private final SumEvaluator sum = new SumEvaluator();

    @Override
    public List<Measurement> evaluate(
        LanguageModel model, int endOfText, List<TokenizedText> domains) {
      domains.forEach(d -> measured.add(d.facts().name()));
      return sum.evaluate(model, endOfText, domains);
    }

    @Override
    public boolean answersQuestions() {
      return true;
    }

    @Override
    public List<Measurement> answer(
        LanguageModel model, Tokenizer tokenizer, List<MultipleChoice> tests) {
      tests.forEach(t -> measured.add(t.name()));
      return sum.answer(model, tokenizer, tests);
    }
  }

  @BeforeEach
  void finishAStudy() {
    lab = lab("grown");
    evaluator = (CountingEvaluator) lab.evaluator;
    assertThat(lab.run()).allMatch(RunResult::completed);
    lab.engine.steps.set(0);
    evaluator.measured.clear();
  }

  private TestLab lab(String name) {
    TestLab open = new TestLab(directory.resolve(name));
    open.study = TestLab.smallStudy().seeds(2);
    open.evaluator = new CountingEvaluator();
    return open;
  }

  /**
   * Changes the finished study, runs it again, and compares it with a study that had the change
   * from the start.
   *
   * @param steps expected number of additional training steps
   * @param measurements expected number of additional evaluations
   * @return the plan of the changed study
   */
  private Plan grow(long steps, int measurements, Consumer<TestLab> change) {
    Map<String, String> before = files(lab.directory);
    change.accept(lab);
    Plan plan = lab.plan();
    List<RunResult> grown = lab.run();

    TestLab whole = lab("whole");
    change.accept(whole);
    assertThat(TestLab.timeless(grown)).isEqualTo(TestLab.timeless(whole.run()));
    assertThat(lab.engine.steps).as("steps").hasValue(steps);
    assertThat(evaluator.measured).hasSize(measurements);
    assertThat(files(lab.directory)).as("old results stay").containsAllEntriesOf(before);
    assertThat(lab.plan().runs()).allMatch(Plan.PlannedRun::done);
    return plan;
  }

  private static Consumer<TestLab> study(UnaryOperator<Study> change) {
    return lab -> lab.study = change.apply(lab.study);
  }

  @Test
  void moreSeeds() {
    Plan plan = grow(4 * 46, 4 * 3 * 2, study(s -> s.seeds(4)));

    assertThat(plan.reusedRuns()).isEqualTo(12);
    assertThat(plan.newRuns()).isEqualTo(12);
    assertThat(plan.toString()).contains("24 runs (12 reused, 12 new)");
  }

  @Test
  void aSingleRun() {
    RunKey run = new RunKey("syn-25", "tiny", Tokens.tokens("1280"), 5);

    Plan plan = grow(20, 2, study(s -> s.runs(List.of(run))));

    assertThat(plan.toString()).contains("13 runs (12 reused, 1 new)");
  }

  @Test
  void someRunsOfAStudyAreThoseOfTheWholeStudy() {
    Predicate<RunKey> few = run -> run.seed() == 1 && run.budget().count() < 2560;
    TestLab part = lab("part");
    part.study = part.study.only(few);

    List<RunResult> runs = part.run();

    assertThat(runs).hasSize(4);
    assertThat(part.engine.steps).hasValue(2 * (20 + 2));
    assertThat(TestLab.timeless(runs))
        .isEqualTo(TestLab.timeless(lab.run().stream().filter(r -> few.test(r.key())).toList()));
  }

  @Test
  void anotherMixture() {
    Mixture half =
        Mixture.named("half").with(TestLab.corpus("nat"), 0.5).with(TestLab.corpus("syn"), 0.5);

    grow(2 * 46, 2 * 3 * 2, study(s -> s.mixtures(half)));
  }

  @Test
  void otherLearningRatesOfTheBestMixtures() {
    Plan plan = grow(2 * 4 * 40, 2 * 4 * 2, study(s -> s.checkRates(0.5, 1, 2)));

    assertThat(plan.reusedRuns()).isEqualTo(12);
    assertThat(plan.newRuns()).isEqualTo(8);
    assertThat(plan.toString())
        .contains(
            "[0.5, 2.0] are checked with model tiny, 2.56k tokens and mixtures nat, syn-25\n");
    assertThat(lab.plan().digest()).isEqualTo(plan.digest());
    assertThat(lab.stored().runs()).hasSize(20);
    assertThat(lab.stored().missingRuns()).isZero();
  }

  @Test
  void otherLearningRatesNeedARunOfTheBaseline() {
    TestLab part = lab("part");
    part.study = part.study.only(run -> run.budget().count() < 2560).checkRates(2);

    assertThatThrownBy(part::plan)
        .isInstanceOf(MixlawException.class)
        .hasMessageContaining("nat has no run with model tiny and 2.56k tokens");
  }

  @Test
  void theMixturesForOtherLearningRatesAreChosenByTheirLoss() {
    List<Mixture> more =
        Stream.of(0.4, 0.6, 0.8)
            .map(
                share ->
                    Mixture.named("syn-" + (int) (100 * share))
                        .with(TestLab.corpus("nat"), 1 - share)
                        .with(TestLab.corpus("syn"), share))
            .toList();
    TestLab fresh = lab("fresh");
    fresh.study = fresh.study.mixtures(more).checkRates(3);

    Plan plan = fresh.plan();
    List<RunResult> runs = fresh.run();

    assertThat(runs).hasSameSizeAs(plan.runs());
    assertThat(plan.toString()).contains("nat, syn-25, syn-40; the two with the lowest loss are");
    Map<String, Double> losses =
        runs.stream()
            .filter(r -> r.key().rateFactor() == 1 && r.key().budget().count() == 2560)
            .collect(
                Collectors.groupingBy(
                    r -> r.key().mixture(),
                    Collectors.averagingDouble(
                        r ->
                            r.measurements(Metric.NATS_PER_TOKEN).stream()
                                .mapToDouble(m -> m.value().value())
                                .average()
                                .orElseThrow())));
    losses.remove("nat");
    Set<String> best =
        losses.keySet().stream()
            .sorted(Comparator.comparing(losses::get))
            .limit(2)
            .collect(Collectors.toCollection(TreeSet::new));
    best.add("nat");
    List<RunResult> checks = runs.stream().filter(r -> r.key().rateFactor() == 3).toList();
    assertThat(checks).hasSize(6).allMatch(RunResult::completed);
    assertThat(checks).allMatch(r -> r.learningRate() == 6 && r.key().budget().count() == 2560);
    assertThat(checks.stream().map(r -> r.key().mixture()).collect(Collectors.toSet()))
        .isEqualTo(best)
        .isNotEqualTo(Set.of("nat", "syn-25", "syn-40"));
    assertThat(TestLab.timeless(fresh.stored().runs())).isEqualTo(TestLab.timeless(runs));
  }

  @Test
  void anotherModel() {
    ModelSpec wide = ModelSpec.of("wide", 16, 1, 1, 16).withContext(16);

    grow(4 * 46, 4 * 3 * 2, study(s -> s.models(wide)));
  }

  @Test
  void anotherDomain() {
    Plan plan = grow(0, 12, l -> l.data.domains = List.of("code", "letters", "prose"));

    assertThat(evaluator.measured).containsOnly("letters");
    assertThat(plan.reusedRuns()).isEqualTo(12);
    assertThat(plan.toString()).contains("12 runs (12 reused, 12 of them to measure, 0 new)");
  }

  @Test
  void aTestOfMultipleChoice() {
    grow(0, 12, study(s -> s.ask(TestLab.questions("sky", 1))));
  }

  @Test
  void aBudgetBetweenOthersContinuesTheTrunk() {
    // The trunk has a checkpoint at step 16. The new branch begins at step 24 and ends at step 30.
    grow(4 * (8 + 6), 4 * 2, study(s -> s.budgets("1920")));
  }

  @Test
  void aBudgetAboveAllOthersContinuesTheTrunk() {
    // The trunk continues from step 32 to step 64. The new branch has 16 steps.
    grow(4 * (32 + 16), 4 * 2, study(s -> s.budgets("5120")));
  }

  @Test
  void anotherStudySharesTheRuns() {
    lab.study =
        Study.named("another")
            .mixtures(new Mixture("renamed", lab.study.mixtures().get(1).parts()))
            .models(lab.study.models().get(0).named("small"))
            .budgets("640", "2560")
            .recipe(lab.study.recipe())
            .seeds(2);
    assertThat(lab.plan().newRuns()).isZero();

    List<RunResult> results = lab.run();

    assertThat(results).extracting(r -> r.key().mixture()).containsOnly("renamed");
    assertThat(results).extracting(r -> r.key().model()).containsOnly("small");
    assertThat(lab.engine.steps).hasValue(0);
  }

  @Test
  void aModelThatIsDamagedIsTrainedAgainBeforeItIsMeasured() throws IOException {
    String identity = lab.plan().runs().get(4).identity();
    Path weights = lab.runDirectory(identity).resolve("model/model.safetensors");
    byte[] bytes = Files.readAllBytes(weights);
    bytes[77] ^= 4;
    Files.write(weights, bytes);
    lab.data.domains = List.of("letters");

    List<RunResult> results = lab.run();

    assertThat(results).allMatch(RunResult::completed);
    assertThat(lab.engine.steps).hasValue(4); // from the trunk's checkpoint at step 16
    assertThat(lab.events)
        .filteredOn(StudyEvent.Warned.class::isInstance)
        .singleElement()
        .asString()
        .contains("its model is damaged (model.safetensors does not match its checksum)");
    bytes[77] ^= 4;
    assertThat(weights).hasBinaryContent(bytes);
  }

  @Test
  void aFinishedStudyIsReadWithoutItsText() {
    List<RunResult> results = lab.run();
    List<String> damaged = new ArrayList<>();
    StoredStudy stored = lab.runner().stored(lab.directory, "small", damaged::add).orElseThrow();

    assertThat(lab.runner().stored(lab.directory, "none", damaged::add)).isEmpty();
    assertThat(stored.runs()).isEqualTo(results);
    assertThat(stored.missingRuns()).isZero();
    assertThat(stored.provenance().corpora()).hasSize(2);
    assertThat(damaged).isEmpty();
  }

  @Test
  void severalLabsOnOneDirectoryAtOnceShareTheWork() throws InterruptedException {
    TestLab whole = lab("whole");
    whole.study = whole.study.seeds(3);
    List<RunResult> expected = TestLab.timeless(whole.run());
    List<TestLab> labs = Stream.generate(() -> lab("shared")).limit(3).toList();
    ConcurrentLinkedQueue<List<RunResult>> results = new ConcurrentLinkedQueue<>();
    List<Thread> threads = new ArrayList<>();
    for (TestLab each : labs) {
      each.study = each.study.seeds(3);
      each.threads = 2;
      threads.add(new Thread(() -> results.add(each.run())));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }

    assertThat(results).hasSize(3);
    assertThat(results).allMatch(r -> TestLab.timeless(r).equals(expected));
    assertThat(labs.stream().mapToLong(l -> l.engine.steps.get()).sum()).isEqualTo(6 * 46);
    assertThat(directory.resolve("shared/claims")).isEmptyDirectory();
  }

  /** Returns the content of the result files in a lab by path. */
  private static Map<String, String> files(Path directory) {
    try (Stream<Path> walk = Files.walk(directory)) {
      return walk.filter(Files::isRegularFile)
          .filter(f -> !f.startsWith(directory.resolve("studies")))
          .collect(
              Collectors.toMap(
                  f -> directory.relativize(f).toString(),
                  GrowingStudyTest::content,
                  (a, b) -> a,
                  TreeMap::new));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String content(Path file) {
    try {
      return HexFormat.of().formatHex(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
