package dev.mixlaw.eval.analysis;

import static dev.mixlaw.api.units.Params.params;
import static dev.mixlaw.api.units.Tokens.tokens;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.DecisionAccuracy;
import dev.mixlaw.eval.analysis.DecisionAccuracies.Loss;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DecisionAccuraciesTest {
  private static final DecisionAccuracies.OrderProbability CERTAIN = (n, d, a, b) -> 1;

  private static Loss small(String mixture, double loss) {
    return new Loss(mixture, params("1M"), tokens("1M"), loss);
  }

  private static Loss large(String mixture, double loss) {
    return new Loss(mixture, params("10M"), tokens("10M"), loss);
  }

  @Test
  void countsPairsOrderedAlikeAndWhatTheWrongWinnerCosts() {
    // given a, b, c, d in this order at the large size, and b before a at the small one
    List<Loss> losses =
        List.of(
            large("a", 3.0),
            large("b", 3.1),
            large("c", 3.2),
            large("d", 3.3),
            small("a", 4.1),
            small("b", 4.0),
            small("c", 4.2),
            small("d", 4.3));

    // when
    DecisionAccuracy d = DecisionAccuracies.of(losses, CERTAIN).orElseThrow().get(0);

    // then 5 of 6 pairs have the same order at both sizes
    assertThat(d.accuracy().value()).isCloseTo(5 / 6.0, within(1e-12));
    assertThat(d.accuracy().interval().low()).isLessThan(5 / 6.0);
    assertThat(d.winner()).isEqualTo("b");
    assertThat(d.targetWinner()).isEqualTo("a");
    assertThat(d.regret()).isCloseTo(0.1, within(1e-12));
    assertThat(d.toString()).contains("83 %").contains("costs 0.1000 compared with a");
  }

  @Test
  void seedsAreDecisionsOfTheirOwnAndTiesCountHalf() {
    // given a better than b at the large size; at the small size, one of four pairs of seeds has
    // this order, and one is a tie
    List<Loss> losses =
        List.of(
            large("a", 3),
            large("b", 4),
            large("c", 9),
            small("a", 5),
            small("a", 7),
            small("b", 5),
            small("b", 6),
            small("c", 9));

    DecisionAccuracy d = DecisionAccuracies.of(losses, CERTAIN).orElseThrow().get(0);

    // then of the losses of a and b at the small size, (5, 5) counts as one half, (5, 6) agrees,
    // and (7, 5) and (7, 6) disagree: 1.5 of 4. Both pairs with c agree.
    assertThat(d.accuracy().value()).isCloseTo((1.5 / 4 + 2) / 3, within(1e-12));
  }

  @Test
  void eachSmallerPointDecidesForTheLargestWhateverTheOrderOfLosses() {
    // given
    List<Loss> losses = new ArrayList<>();
    for (String m : List.of("a", "b", "c", "d", "e")) {
      losses.add(large(m, 3 + m.charAt(0) * 0.01));
      losses.add(small(m, 4 + (m.charAt(0) * 7 % 5) * 0.01));
      losses.add(new Loss(m, params("1M"), tokens("5M"), 3.5 + m.charAt(0) * 0.01));
    }
    List<Loss> shuffled = new ArrayList<>(losses);
    Collections.shuffle(shuffled, new Random(1));

    // when
    List<DecisionAccuracy> all = DecisionAccuracies.of(losses, CERTAIN).orElseThrow();

    // then
    assertThat(all).hasSize(2);
    assertThat(all.get(1).accuracy().value()).isEqualTo(1);
    assertThat(all.get(1).regret()).isZero();
    assertThat(DecisionAccuracies.of(shuffled, CERTAIN).orElseThrow()).isEqualTo(all);
  }

  @Test
  void oneSizeOrTooFewMixturesAreRefused() {
    assertThat(DecisionAccuracies.of(List.of(small("a", 1), small("b", 2), small("c", 3)), CERTAIN))
        .returns(false, Answer::isKnown);
    assertThat(
            DecisionAccuracies.of(
                List.of(small("a", 1), small("b", 2), large("a", 1), large("b", 2)), CERTAIN))
        .returns(false, Answer::isKnown);
  }
}
