package dev.mixlaw.eval.law;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether misfit is said where there is some, and not where there is none. */
class LackOfFitTest {
  private static final DoubleBinaryOperator NONE = (x, y) -> 0;
  private static final DoubleBinaryOperator ALONG_TOKENS = (x, y) -> .02 * (y * y * y - y);
  private static final DoubleBinaryOperator TOGETHER = (x, y) -> .02 * x * y;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void misfitIsSaidWhereThereIsSome(boolean checkpoints) {
    assertThat(warned(NONE, checkpoints, 60)).isLessThanOrEqualTo(8);
    assertThat(warned(ALONG_TOKENS, checkpoints, 20)).isGreaterThanOrEqualTo(18);
    assertThat(warned(TOGETHER, checkpoints, 20)).isGreaterThanOrEqualTo(18);
  }

  @Tag("long")
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void falseWarningsAreRareInManyTables(boolean checkpoints) {
    // 5 % of 2000 and two standard deviations
    assertThat(warned(NONE, checkpoints, 2000)).isLessThanOrEqualTo(120);
    assertThat(warned(ALONG_TOKENS, checkpoints, 1000)).isGreaterThanOrEqualTo(900);
    assertThat(warned(TOGETHER, checkpoints, 1000)).isGreaterThanOrEqualTo(900);
  }

  @Test
  void intervalsOfHeldOutBudgetsThatFailAreSaidToFail() {
    // given a curve that bends upwards after the fitted budgets
    SplittableRandom random = new SplittableRandom(5);
    Observations.Builder points = Observations.of(Input.D);
    for (int i = 0; i < 16; i++) {
      double d = 1e8 * Math.pow(2, i);
      double bend = i > 9 ? .03 * (i - 9) : 0;
      double loss = 1.8 + 2000 * Math.pow(d, -.37) + bend;
      points.add(loss * Math.exp(.001 * random.nextGaussian()), d);
    }
    // when
    LawFit fit =
        LawFitter.of(LawForms.DATA)
            .bootstrap(200)
            .heldOut(row -> row.inputs()[0] > 1e8 * Math.pow(2, 9.5))
            .fit(points.build())
            .orElseThrow();
    // then
    assertThat(fit.heldOut().orElseThrow().inside()).isZero();
    assertThat(fit.warnings()).anyMatch(w -> w.startsWith("only 0 of 6 held-out rows lie inside"));
  }

  @Test
  void rowsThatLookLikeCheckpointsAreSaidTo() {
    assertThat(checkpointWarning(true)).isEmpty();
    assertThat(checkpointWarning(false)).isPresent();
  }

  private static Optional<String> checkpointWarning(boolean named) {
    Observations rows = table(NONE, true, new SplittableRandom(3));
    Observations.Builder copy = Observations.of("N", "D");
    int number = 0;
    for (Observations.Observation row : rows.rows()) {
      // Every size is trained once, so that rows of a size are checkpoints of one run.
      if (number++ / 10 % 4 == 0) {
        copy.add(
            new Observations.Observation(
                row.label(),
                row.inputs(),
                row.loss(),
                1,
                named ? row.cluster() : Optional.empty()));
      }
    }
    return LawFitter.of(LawForms.CHINCHILLA)
        .bootstrap(0)
        .fit(copy.build())
        .orElseThrow()
        .warnings()
        .stream()
        .filter(w -> w.contains("as they are for checkpoints of one run"))
        .findFirst();
  }

  private static long warned(DoubleBinaryOperator misfit, boolean checkpoints, int tables) {
    return IntStream.range(0, tables)
        .filter(
            i ->
                LawFitter.of(LawForms.CHINCHILLA)
                    .bootstrap(0)
                    .fit(table(misfit, checkpoints, new SplittableRandom(i * 7919L + 13)))
                    .orElseThrow()
                    .warnings()
                    .stream()
                    .anyMatch(w -> w.startsWith("the form does not fit")))
        .count();
  }

  /**
   * Losses at eight sizes and ten budgets with noise of 0.5 %: of every row alone, or of runs with
   * ten checkpoints, four runs of each size, and a third of it of every row.
   */
  static Observations table(
      DoubleBinaryOperator misfit, boolean checkpoints, SplittableRandom random) {
    Observations.Builder rows = Observations.of(Input.N, Input.D);
    for (int i = 0; i < 8; i++) {
      for (int run = 0; run < (checkpoints ? 4 : 1); run++) {
        double ofRun = checkpoints ? .005 * random.nextGaussian() : 0;
        for (int j = 0; j < 10; j++) {
          double[] at = {1e7 * Math.pow(1000, i / 7.), 1e9 * Math.pow(300, j / 9.)};
          double error = ofRun + (checkpoints ? .0015 : .005) * random.nextGaussian();
          double loss =
              (1.8 + 480 * Math.pow(at[0], -.35) + 2000 * Math.pow(at[1], -.37))
                  * Math.exp(error + misfit.applyAsDouble(2 * i / 7. - 1, 2 * j / 9. - 1));
          rows.add(
              new Observations.Observation(
                  "row", at, loss, 1, checkpoints ? Optional.of(i + "/" + run) : Optional.empty()));
        }
      }
    }
    return rows.build();
  }
}
