package dev.mixlaw.eval.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.Domains;
import dev.mixlaw.api.Lab;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Mixture;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Plan;
import dev.mixlaw.api.Study;
import dev.mixlaw.api.StudyEvent;
import dev.mixlaw.api.StudyListener;
import dev.mixlaw.api.internal.spi.PreparedData;
import dev.mixlaw.api.internal.spi.StudyRunner;
import dev.mixlaw.api.results.Comparison;
import dev.mixlaw.api.results.Findings;
import dev.mixlaw.api.results.Interval;
import dev.mixlaw.api.results.Question;
import dev.mixlaw.api.results.RunFailure;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.spi.Tokenizer;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Tests that a lab adds seeds until the stopping rules of the primary questions are met. */
class StoppingRuleTest {
  private static final Corpus WEB = Corpus.documents("web", () -> DocumentStream.of(List.of()));
  private static final Study STUDY =
      Study.named("s")
          .mixtures(Mixture.of(WEB), Mixture.of(WEB.named("m1")), Mixture.of(WEB.named("m2")))
          .models(ModelSpec.ladder("200k"))
          .budgets("500k")
          .evaluateOn(Domains.of(WEB.named("wiki")))
          .seeds(2);
  private static final Question DIFFERENCE = Question.compare("m1");

  private final List<Integer> steps = new ArrayList<>();
  private final List<String> warnings = Collections.synchronizedList(new ArrayList<>());
  private int failing = Integer.MAX_VALUE;

  @Test
  void seedsOfTheTwoMixturesAreAddedUntilTheIntervalIsNarrowEnough() {
    double before = width(run(STUDY.asks(DIFFERENCE)));
    steps.clear();
    Question rule = DIFFERENCE.until(before / 2, 20);

    Findings found = run(STUDY.asks(rule));

    assertThat(width(found)).isLessThanOrEqualTo(before / 2).isGreaterThan(before / 5);
    assertThat(steps).hasSizeGreaterThan(1).startsWith(6).isSorted();
    assertThat(seeds(found, "m1")).isGreaterThan(2);
    assertThat(seeds(found, "m2")).isEqualTo(2);
    assertThat(warnings).isEmpty();
    assertThat(found.compare(rule)).isEqualTo(found.compare(DIFFERENCE));
  }

  @Test
  void theLargestNumberOfSeedsIsKept() {
    Findings found = run(STUDY.asks(DIFFERENCE.until(1e-6, 4)));

    assertThat(seeds(found, "m1")).isEqualTo(4);
    assertThat(seeds(found, "web")).isEqualTo(4);
    assertThat(warnings).anyMatch(w -> w.contains("more seeds for m1 against the baseline"));
  }

  @Test
  void failedRunsAreNotRepeatedForever() {
    failing = 2;

    Findings found = run(STUDY.asks(DIFFERENCE.until(1e-6, 4)));

    assertThat(seeds(found, "m1")).isEqualTo(2);
    assertThat(steps).containsExactly(6, 10);
  }

  @Test
  void aRuleThatCannotWorkIsRefused() {
    assertThatThrownBy(() -> DIFFERENCE.until(0, 4)).hasMessageContaining("width 0.0, 4 seeds");
    assertThatThrownBy(() -> run(STUDY.asks(DIFFERENCE.on("wiki").until(.1, 4))))
        .isInstanceOf(MixlawException.class)
        .hasMessageContaining("domain wiki; expected the mean of domains");
    assertThat(run(STUDY.seeds(1).asks(DIFFERENCE.until(.1, 4))).primary()).isNotNull();
    assertThat(warnings).anyMatch(w -> w.contains("seed"));
  }

  private static double width(Findings found) {
    Comparison answer = found.primary().get(0);
    Interval interval = answer.difference().interval();
    return interval.high() - interval.low();
  }

  private static long seeds(Findings found, String mixture) {
    return found.runs().stream()
        .filter(r -> r.completed() && r.key().mixture().equals(mixture))
        .count();
  }

  private Findings run(Study study) {
    try (Lab lab =
        Lab.in(Path.of("nowhere"))
            .preparer((s, directory, listener) -> data())
            .runner((s, data, directory, evaluator, resources) -> planned(s))
            .evaluator((model, endOfText, domains) -> List.of())
            .analyst(new StudyAnalyst())
            .open()) {
      assertThat(lab.plan(study).notes())
          .filteredOn(n -> n.contains("are added to this plan"))
          .hasSize((int) study.questions().stream().filter(q -> q.width().isPresent()).count());
      return lab.run(
          study,
          event -> {
            if (event instanceof StudyEvent.Warned warned) {
              warnings.add(warned.warning());
            }
          });
    }
  }

  private StudyRunner.PlannedStudy planned(Study study) {
    return new StudyRunner.PlannedStudy() {
      @Override
      public Plan plan() {
        return SyntheticRuns.plan();
      }

      @Override
      public List<RunResult> run(StudyListener listener) {
        List<RunResult> runs =
            simulated().runs().stream()
                .filter(r -> study.runs().contains(r.key()))
                .map(r -> r.key().seed() < failing ? r : failed(r))
                .toList();
        steps.add(runs.size());
        return runs;
      }
    };
  }

  private static RunResult failed(RunResult run) {
    return run.at(run.key(), Optional.of(RunFailure.diverged(1, "loss is NaN")), List.of());
  }

  private static SyntheticRuns simulated() {
    return StudySimulation.study(1, 20, 0, 0);
  }

  private static PreparedData data() {
    Tokenizer tokenizer =
        stub(Tokenizer.class, Map.of("name", "t", "fingerprint", "f", "vocabulary", 300));
    return stub(
        PreparedData.class,
        Map.of(
            "tokenizer",
            tokenizer,
            "corpora",
            List.of(),
            "domains",
            List.of(),
            "warnings",
            List.of(),
            "wordComparisonTime",
            Duration.ZERO,
            "wordComparisonNote",
            Optional.empty(),
            "compareWords",
            Optional.empty()));
  }

  /** Returns an implementation whose methods return the answers that are given for their names. */
  private static <T> T stub(Class<T> port, Map<String, ?> answers) {
    return port.cast(
        Proxy.newProxyInstance(
            port.getClassLoader(),
            new Class<?>[] {port},
            (self, method, arguments) -> answers.get(method.getName())));
  }
}
