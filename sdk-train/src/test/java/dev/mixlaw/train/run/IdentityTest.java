package dev.mixlaw.train.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Mixture;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Plan;
import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.Schedule;
import dev.mixlaw.api.Study;
import dev.mixlaw.api.units.Tokens;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tests that the identity of a run changes with everything that affects its result, and with
 * nothing else.
 */
class IdentityTest {
  @TempDir Path directory;

  record Change(String what, Consumer<TestLab> change) {
    @Override
    public String toString() {
      return what;
    }
  }

  static List<Change> changes() {
    return List.of(
        new Change("share", l -> mixture(l, "mix", 0.74)),
        new Change("corpus's text", l -> l.data.fingerprints.put("syn", "other text")),
        new Change("tokenizer", l -> l.data.tokenizerFingerprint = "tokenizer-2"),
        new Change("engine", l -> l.engine.name = "trigram"),
        new Change("engine's version", l -> l.engine.version = "2"),
        new Change("threads of a run", l -> l.threadsPerRun = OptionalInt.of(2)),
        new Change("budget", l -> l.study = study(l, 16, "1344")),
        new Change("model's width", l -> model(l, m -> with(m, 16, 1, 1, 1, 16, true, 1e4, 1e-5))),
        new Change("model's layers", l -> model(l, m -> with(m, 8, 2, 1, 1, 16, true, 1e4, 1e-5))),
        new Change("model's heads", l -> model(l, m -> with(m, 8, 1, 2, 1, 16, true, 1e4, 1e-5))),
        new Change(
            "key and value heads", l -> model(l, m -> with(m, 8, 1, 2, 2, 16, true, 1e4, 1e-5))),
        new Change("feed-forward", l -> model(l, m -> with(m, 8, 1, 1, 1, 32, true, 1e4, 1e-5))),
        new Change("tied head", l -> model(l, m -> with(m, 8, 1, 1, 1, 16, false, 1e4, 1e-5))),
        new Change("rotary base", l -> model(l, m -> with(m, 8, 1, 1, 1, 16, true, 1e5, 1e-5))),
        new Change("norm epsilon", l -> model(l, m -> with(m, 8, 1, 1, 1, 16, true, 1e4, 1e-6))),
        new Change("QK-norm", l -> model(l, m -> m.withQkNorm(true))),
        new Change("context", l -> model(l, m -> m.withContext(32))),
        new Change("vocabulary", l -> model(l, m -> m.withVocabulary(33))),
        new Change("warm-up", l -> schedule(l, Schedule.warmupStableDecay(2, 0.2))),
        new Change("decay", l -> schedule(l, Schedule.warmupStableDecay(4, 0.3))),
        new Change("kind of schedule", l -> schedule(l, Schedule.cosine(4, 0.2))),
        new Change("cosine's floor", l -> schedule(l, Schedule.cosine(4, 0.3))),
        new Change("learning rate", l -> recipe(l, l.study.recipe().withLearningRate(1))),
        new Change(
            "learning rate factor", l -> recipe(l, l.study.recipe().withLearningRateFactor(3))),
        new Change("batch", l -> recipe(l, l.study.recipe().withBatch(Tokens.tokens(32)))),
        new Change("weight decay", l -> recipe(l, optimizer(0.2, 0.9, 0.95, 1e-8, 1))),
        new Change("beta 1", l -> recipe(l, optimizer(0.1, 0.8, 0.95, 1e-8, 1))),
        new Change("beta 2", l -> recipe(l, optimizer(0.1, 0.9, 0.99, 1e-8, 1))),
        new Change("epsilon", l -> recipe(l, optimizer(0.1, 0.9, 0.95, 1e-6, 1))),
        new Change("clip norm", l -> recipe(l, optimizer(0.1, 0.9, 0.95, 1e-8, 2))));
  }

  @ParameterizedTest
  @MethodSource("changes")
  void changesWith(Change change) {
    TestLab before = lab("before");
    TestLab after = lab("after");
    change.change().accept(after);

    String identity = identity(before);

    assertThat(identity(after)).isNotEqualTo(identity);
    assertThat(identity(lab("same"))).isEqualTo(identity);
  }

  @Test
  void allChangesDiffer() {
    List<String> identities =
        changes().stream()
            .map(
                change -> {
                  TestLab lab = lab(change.what().replace(' ', '-'));
                  change.change().accept(lab);
                  return identity(lab);
                })
            .toList();

    assertThat(new HashSet<>(identities)).hasSameSizeAs(identities);
  }

  @Test
  void seedsHaveNamesOfTheirOwn() {
    TestLab lab = lab("seeds");
    lab.study = lab.study.seeds(3);

    assertThat(lab.plan().runs())
        .extracting(Plan.PlannedRun::identity)
        .doesNotHaveDuplicates()
        .hasSize(3);
  }

  @Test
  void budgetsWithTheSameNumberOfStepsAreTheSameRun() {
    TestLab other = lab("other");
    other.study = study(other, 16, "1281");

    assertThat(identity(other)).isEqualTo(identity(lab("lab")));
  }

  @Test
  void settingsThatAffectNoRunDoNotChangeIdentities() {
    TestLab before = lab("before");
    TestLab after = lab("after");
    mixture(after, "another", 0.75);
    model(after, m -> m.named("other"));
    after.study =
        after
            .study
            .maxRepeats(9)
            .mixtures(Mixture.of(TestLab.corpus("nat")))
            .budgets("2560")
            .seeds(2)
            .ask(TestLab.questions("test", 1));
    after.data.fingerprints.put("code", "other text");
    after.memoryBytes *= 2;
    after.threads = 2;
    after.keepModels = false;

    assertThat(identity(after)).isEqualTo(identity(before));
  }

  /** A lab finds its runs by these hashes. If they change, all runs are trained again. */
  @Test
  void theEncodingOfIdentitiesDoesNotChange() {
    TestLab lab = lab("pinned");

    assertThat(identity(lab))
        .isEqualTo("5dd7d75a31c6af7d01e7acab2b66868cedef095319edab8fe973f114e5774e7e");
    lab.study = lab.study.recipe(lab.study.recipe().with(Schedule.cosine(4, 0.2)));
    assertThat(identity(lab))
        .isEqualTo("d0c1f213ca8baf599c89138a13321e3d0bfb2a91447c827f57d2732df3c8b4ee");
  }

  private TestLab lab(String name) {
    TestLab lab = new TestLab(directory.resolve(name));
    lab.study = study(lab, 16, "1280");
    mixture(lab, "mix", 0.75);
    return lab;
  }

  /** Returns the identity of the first run, which the changes in this test concern. */
  private static String identity(TestLab lab) {
    return lab.plan().runs().get(0).identity();
  }

  private static Study study(TestLab lab, int context, String budget) {
    return Study.named("identity")
        .mixtures(lab.study.mixtures().get(lab.study.mixtures().size() - 1))
        .models(ModelSpec.of("tiny", 8, 1, 1, 16).withContext(context))
        .budgets(budget)
        .recipe(lab.study.recipe());
  }

  private static void mixture(TestLab lab, String name, double share) {
    Corpus nat = TestLab.corpus("nat");
    Corpus syn = TestLab.corpus("syn");
    lab.study =
        Study.named("identity")
            .mixtures(Mixture.named(name).with(nat, share).with(syn, 1 - share))
            .models(lab.study.models())
            .budgets(lab.study.budgets().toArray(Tokens[]::new))
            .recipe(lab.study.recipe());
  }

  private static void model(TestLab lab, java.util.function.UnaryOperator<ModelSpec> change) {
    lab.study =
        Study.named("identity")
            .mixtures(lab.study.mixtures())
            .models(change.apply(lab.study.models().get(0)))
            .budgets(lab.study.budgets().toArray(Tokens[]::new))
            .recipe(lab.study.recipe());
  }

  private static ModelSpec with(
      ModelSpec m,
      int width,
      int layers,
      int heads,
      int keyValueHeads,
      int feedForward,
      boolean tied,
      double ropeTheta,
      double epsilon) {
    return new ModelSpec(
        m.name(),
        width,
        layers,
        heads,
        keyValueHeads,
        feedForward,
        m.context(),
        OptionalInt.empty(),
        tied,
        ropeTheta,
        epsilon,
        false);
  }

  private static void schedule(TestLab lab, Schedule schedule) {
    recipe(lab, lab.study.recipe().with(schedule));
  }

  private static void recipe(TestLab lab, Recipe recipe) {
    lab.study = lab.study.recipe(recipe);
  }

  private static Recipe optimizer(
      double weightDecay, double beta1, double beta2, double epsilon, double clipNorm) {
    Recipe standard = TestLab.smallStudy().recipe();
    return new Recipe(
        standard.schedule(),
        OptionalDouble.of(2),
        1,
        standard.batch(),
        weightDecay,
        beta1,
        beta2,
        epsilon,
        clipNorm);
  }
}
