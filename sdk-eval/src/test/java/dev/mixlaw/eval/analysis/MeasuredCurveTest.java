package dev.mixlaw.eval.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mixlaw.api.units.Params;
import dev.mixlaw.api.units.Tokens;
import dev.mixlaw.eval.analysis.SpeedupCalculator.MeasuredCurve;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

class MeasuredCurveTest {
  private static final StudyGrid.Model MODEL = new StudyGrid.Model("1M", new Params(1_000_000));

  /** A curve with the losses 5, 4, 4.2 and 3 at 100, 400, 1600 and 6400 tokens. */
  private final MeasuredCurve curve = curve(100, 400, 1600, 6400);

  private final ToDoubleFunction<StudyGrid.Cell> losses =
      c -> new double[] {5, 4, 4.2, 3}[c.index()];

  private static MeasuredCurve curve(long... tokens) {
    List<StudyGrid.Cell> cells = new ArrayList<>();
    for (long d : tokens) {
      cells.add(new StudyGrid.Cell(cells.size(), "web", MODEL, new Tokens(d), d, List.of(), 0));
    }
    return new MeasuredCurve(cells);
  }

  @Test
  void isStraightOverTheLogarithmOfTokens() {
    assertThat(curve.loss(100, losses)).isEqualTo(5);
    assertThat(curve.loss(200, losses)).isCloseTo(4.5, within(1e-12));
    assertThat(curve.loss(6400, losses)).isEqualTo(3);
  }

  @Test
  void findsWhereALossIsFirstReached() {
    assertThat(curve.tokensFor(4.5, losses)).isCloseTo(200, within(1e-9));
    assertThat(curve.tokensFor(4.1, losses)).isLessThan(400);
    assertThat(curve.tokensFor(3.6, losses)).isCloseTo(3200, within(1e-9));
    assertThat(curve.tokensFor(5, losses)).isEqualTo(100);
  }

  @Test
  void lossesAndTokensOutsideOfTheCurveAreRecognised() {
    assertThat(curve.tokensFor(6, losses)).isZero();
    assertThat(curve.tokensFor(2.9, losses)).isInfinite();
    assertThat(curve.spans(99)).isFalse();
    assertThat(curve.spans(6400)).isTrue();
    assertThat(curve.spans(6401)).isFalse();
  }
}
