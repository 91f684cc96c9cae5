package dev.mixlaw.eval.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mixlaw.api.results.Collapse.Outcome;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.eval.analysis.RoundCollapse.Measure;
import dev.mixlaw.eval.analysis.RoundCollapse.Round;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RoundCollapseTest {
  private static Round round(int number, double loss, double support) {
    return new Round(
        number,
        Map.of(
            Measure.LOSS, Estimate.of(loss, loss - 0.02, loss + 0.02),
            Measure.SUPPORT, Estimate.of(support, support - 0.01, support + 0.01)));
  }

  @Test
  void aLossThatRisesBeyondItsIntervalIsLateCollapse() {
    CollapseVerdict verdict =
        RoundCollapse.judge(
            List.of(round(0, 3, 1), round(1, 3.03, 0.97), round(2, 3.2, 0.9), round(3, 3.6, 0.7)));

    assertThat(verdict.outcome()).isEqualTo(Outcome.COLLAPSE);
    assertThat(verdict.reason())
        .startsWith("late collapse: in round 3, loss on real text is 3.600");
    assertThat(verdict.firstViolation()).contains("round 1 (unigram support)");
  }

  @Test
  void aReferenceOfPairsIsShownWithoutAnInterval() {
    Round exact = new Round(0, Map.of(Measure.LOSS, Estimate.of(5.11, 5.11, 5.11)));

    CollapseVerdict worse = RoundCollapse.judge(List.of(exact, round(1, 6, 1), round(2, 6, 1)));
    CollapseVerdict same = RoundCollapse.judge(List.of(exact, round(1, 5, 1), round(2, 5, 1)));

    assertThat(worse.reason()).endsWith("6.000 (5.980 to 6.020), compared with 5.110");
    assertThat(same.reason()).contains("in round 2, compared with 5.110: at most");
  }

  @Test
  void lostDiversityAtAnUnchangedLossIsEarlyCollapse() {
    CollapseVerdict verdict =
        RoundCollapse.judge(List.of(round(0, 3, 1), round(1, 3, 0.985), round(2, 3.01, 0.9)));

    assertThat(verdict.outcome()).isEqualTo(Outcome.COLLAPSE);
    assertThat(verdict.reason()).startsWith("early collapse");
    assertThat(verdict.firstViolation()).contains("round 2 (unigram support)");
  }

  @Test
  void lessTailMassIsWorseAndMoreSupportIsNot() {
    Map<Measure, Estimate> before =
        Map.of(
            Measure.LOSS, Estimate.of(3, 2.99, 3.01),
            Measure.TAIL_MASS, Estimate.of(0.4, 0.39, 0.41),
            Measure.SUPPORT, Estimate.of(0.6, 0.59, 0.61));
    Map<Measure, Estimate> after =
        Map.of(
            Measure.LOSS, Estimate.of(3, 2.99, 3.01),
            Measure.TAIL_MASS, Estimate.of(0.3, 0.29, 0.31),
            Measure.SUPPORT, Estimate.of(0.7, 0.69, 0.71));

    CollapseVerdict verdict =
        RoundCollapse.judge(
            List.of(new Round(2, after), new Round(1, before), new Round(0, before)));

    assertThat(verdict.outcome()).isEqualTo(Outcome.COLLAPSE);
    assertThat(verdict.reason()).contains("tail mass").doesNotContain("support");
  }

  @Test
  void roundsThatStayWithinTheMarginDoNotCollapse() {
    // a round that exceeds the limit is no collapse if the last round is within it again
    CollapseVerdict verdict =
        RoundCollapse.judge(List.of(round(0, 3, 1), round(1, 3.2, 1), round(2, 3.01, 1)));

    assertThat(verdict.outcome()).isEqualTo(Outcome.NO_COLLAPSE);
    assertThat(verdict.firstViolation()).isEmpty();
  }

  @Test
  void wideIntervalsFewRoundsAndMissingLossesAreNotDecidable() {
    Round wide = new Round(2, Map.of(Measure.LOSS, Estimate.of(3.2, 2.9, 3.5)));
    Round blind = new Round(2, Map.of(Measure.SUPPORT, Estimate.of(1, 0.99, 1)));

    assertThat(RoundCollapse.judge(List.of(round(0, 3, 1), round(1, 3, 1), wide)).outcome())
        .isEqualTo(Outcome.NOT_DECIDABLE);
    assertThat(RoundCollapse.judge(List.of(round(0, 3, 1), round(1, 5, 1))).outcome())
        .isEqualTo(Outcome.NOT_DECIDABLE);
    assertThat(RoundCollapse.judge(List.of(round(0, 3, 1), round(1, 3, 1), blind)).outcome())
        .isEqualTo(Outcome.NOT_DECIDABLE);
  }

  @Test
  void aTableWithoutRoundZeroOrWithARoundTwiceIsAnError() {
    assertThatThrownBy(() -> RoundCollapse.judge(List.of(round(1, 3, 1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("round 0");
    assertThatThrownBy(() -> RoundCollapse.judge(List.of(round(0, 3, 1), round(0, 3, 1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("two rounds have the same number");
  }
}
