package dev.mixlaw.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mixlaw.api.internal.spi.PreparedData;
import dev.mixlaw.api.internal.spi.StudyRunner;
import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.Findings;
import dev.mixlaw.api.results.Provenance;
import dev.mixlaw.api.results.RunKey;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.results.WordComparison;
import dev.mixlaw.api.units.Tokens;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Tests when a lab compares the words of the training texts with those of the domains, and how it
 * reports the result.
 */
class LabWordsTest {
  private static final Corpus WEB = Corpus.documents("web", () -> DocumentStream.of(List.of()));
  private static final Study STUDY =
      Study.named("s")
          .mixtures(Mixture.of(WEB))
          .models(ModelSpec.ladder("1M"))
          .budgets("1M")
          .evaluateOn(Domains.of(WEB.named("wiki")));
  private static final WordComparison WORDS =
      new WordComparison("en", Tokens.tokens("1M"), 5, List.of(), List.of("domain wiki is in de"));

  private final List<String> happened = Collections.synchronizedList(new ArrayList<>());
  private Optional<Provenance> analysed = Optional.empty();

  private Lab lab(Optional<Answer<WordComparison>> words) {
    return builder(words).open();
  }

  private Lab.Builder builder(Optional<Answer<WordComparison>> words) {
    StudyRunner runner =
        (study, data, store, evaluator, resources) ->
            new StudyRunner.PlannedStudy() {
              @Override
              public Plan plan() {
                return new Plan(
                    "s",
                    "e",
                    "d",
                    1,
                    1,
                    "r",
                    List.of(),
                    1,
                    1,
                    1,
                    1,
                    Duration.ZERO,
                    "digest",
                    List.of(),
                    List.of("slow"));
              }

              @Override
              public List<RunResult> run(StudyListener listener) {
                happened.add("run");
                return List.of();
              }
            };
    return Lab.in(Path.of("nowhere"))
        .preparer((study, directory, listener) -> data(words))
        .runner(runner)
        .evaluator((model, endOfText, domains) -> List.of())
        .analyst(
            (provenance, runs) -> {
              analysed = Optional.of(provenance);
              return stub(Findings.class, Map.of());
            });
  }

  private PreparedData data(Optional<Answer<WordComparison>> words) {
    dev.mixlaw.api.spi.Tokenizer tokenizer =
        stub(
            dev.mixlaw.api.spi.Tokenizer.class,
            Map.of("name", "t", "fingerprint", "f", "vocabulary", 300, "save", false));
    return stub(
        PreparedData.class,
        Map.of(
            "tokenizer", tokenizer,
            "corpora", List.of(),
            "domains", List.of(),
            "warnings", List.of("few"),
            "wordComparisonTime", Duration.ofSeconds(3),
            "wordComparisonNote", words.map(answer -> "words, 3 s"),
            "compareWords", words));
  }

  /**
   * Returns an implementation of an interface. Each method returns the answer that is given for its
   * name, or null if there is none.
   */
  private <T> T stub(Class<T> port, Map<String, ?> answers) {
    return port.cast(
        Proxy.newProxyInstance(
            port.getClassLoader(),
            new Class<?>[] {port},
            (self, method, arguments) -> {
              if (method.getName().equals("compareWords") && words(answers)) {
                happened.add("compare");
              }
              return answers.get(method.getName());
            }));
  }

  private static boolean words(Map<String, ?> answers) {
    return answers.get("compareWords") instanceof Optional<?> words && words.isPresent();
  }

  @Test
  void textIsPreparedOnceForAllChoicesOfRuns() {
    PreparedData data = data(Optional.empty());
    try (Lab lab =
        builder(Optional.empty())
            .preparer(
                (study, directory, listener) -> {
                  happened.add("prepare");
                  return data;
                })
            .open()) {
      Study first = STUDY.seeds(3).only(run -> run.seed() < 2);
      lab.plan(first);
      lab.plan(first.runs(List.of(new RunKey("web", "1M", Tokens.tokens("1M"), 2))));
    }

    assertThat(happened).containsExactly("prepare");
  }

  @Test
  void wordsAreAnnouncedInThePlanAndComparedBeforeTraining() {
    try (Lab lab = lab(Optional.of(Answer.known(WORDS)))) {
      assertThat(lab.plan(STUDY).notes()).containsExactly("words, 3 s");
      assertThat(lab.plan(STUDY).toString()).contains("note: words, 3 s");
      assertThat(lab.plan(STUDY).warnings()).containsExactly("slow", "few");
      assertThat(lab.plan(STUDY).estimatedTime()).isEqualTo(Duration.ofSeconds(3));
      assertThat(happened).as("a plan compares nothing").isEmpty();

      lab.run(
          STUDY,
          event -> {
            if (event instanceof StudyEvent.Planned planned) {
              happened.add("planned " + planned.plan().notes());
            }
          });
    }

    assertThat(happened)
        .containsSubsequence("compare", "run")
        .containsExactlyInAnyOrder("planned [words, 3 s]", "compare", "run");
    assertThat(analysed.orElseThrow().words()).contains(WORDS);
    assertThat(analysed.orElseThrow().warnings())
        .containsExactly("few", "slow", "domain wiki is in de");
  }

  @Test
  void aRefusalBecomesAWarningAndTheStudyContinues() {
    try (Lab lab = lab(Optional.of(Answer.refused("words", "none", "text")))) {
      lab.run(STUDY);
    }

    assertThat(happened).containsExactly("compare", "run");
    assertThat(analysed.orElseThrow().words()).isEmpty();
    assertThat(analysed.orElseThrow().warnings()).contains("words: refused, none; text");
  }

  @Test
  void theFindingsHaveTheNamedBaseline() {
    try (Lab lab = lab(Optional.empty())) {
      lab.run(STUDY.mixtures(Mixture.of(WEB.named("other"))).baseline("other"));
    }

    assertThat(analysed.orElseThrow().baseline()).isEqualTo("other");
  }

  @Test
  void aPreparerThatComparesNoWordsAddsNoNote() {
    try (Lab lab = lab(Optional.empty())) {
      assertThat(lab.plan(STUDY).notes()).isEmpty();
      lab.run(STUDY);
    }

    assertThat(happened).containsExactly("run");
    assertThat(analysed.orElseThrow().words()).isEmpty();
  }

  @Test
  void aLabCanLeaveOutTheComparison() {
    try (Lab lab = builder(Optional.of(Answer.known(WORDS))).withoutWordComparison().open()) {
      assertThat(lab.plan(STUDY).notes()).isEmpty();
      lab.run(STUDY);
    }

    assertThat(happened).containsExactly("run");
    assertThat(analysed.orElseThrow().words()).isEmpty();
  }
}
