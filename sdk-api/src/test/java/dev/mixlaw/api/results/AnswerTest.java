package dev.mixlaw.api.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;

class AnswerTest {
  private static final Answer<Integer> TWO = Answer.known(2, "few runs");
  private static final Answer<Integer> NONE = Answer.refused("loss at 2B", "too far", "more runs");

  @Test
  void mapKeepsWarningsAndRefusals() {
    assertThat(TWO.map(n -> "n" + n)).isEqualTo(Answer.known("n2", "few runs"));
    assertThat(NONE.map(n -> "n" + n)).isEqualTo(NONE);
  }

  @Test
  void flatMapJoinsWarningsEachOnce() {
    assertThat(TWO.flatMap(n -> Answer.known(n + 0.5, "few runs", "one seed")))
        .isEqualTo(Answer.known(2.5, "few runs", "one seed"));
    assertThat(TWO.flatMap(n -> NONE)).isEqualTo(NONE);
    assertThat(NONE.flatMap(n -> TWO)).isEqualTo(NONE);
  }

  @Test
  void aRefusalCanBeGivenAnotherQuestion() {
    assertThat(NONE.withQuestion("best share"))
        .isEqualTo(Answer.refused("best share", "too far", "more runs"));
    assertThat(TWO.withQuestion("best share")).isEqualTo(TWO);
  }

  @Test
  void warningsCanBeAdded() {
    assertThat(TWO.andWarnings(List.of("one seed")).toWarnings())
        .containsExactly("few runs", "one seed");
    assertThat(NONE.andWarnings(List.of("one seed"))).isEqualTo(NONE);
    assertThat(NONE.toWarnings()).isEmpty();
  }

  @Test
  void foldTakesOneOfTwoWays() {
    assertThat(TWO.<String>fold((n, warnings) -> n + " " + warnings, Refusal::reason))
        .isEqualTo("2 [few runs]");
    assertThat(NONE.<String>fold((n, warnings) -> n + " " + warnings, Refusal::reason))
        .isEqualTo("too far");
  }

  @Test
  void theResultOfARefusalIsAnException() {
    assertThat(TWO.orElseThrow()).isEqualTo(2);
    assertThat(NONE.toRefusal()).map(Refusal::remedy).contains("more runs");
    assertThatExceptionOfType(NoSuchElementException.class)
        .isThrownBy(NONE::orElseThrow)
        .withMessage("loss at 2B: refused, too far; more runs");
  }
}
