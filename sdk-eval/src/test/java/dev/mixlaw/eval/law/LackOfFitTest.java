package dev.mixlaw.eval.law;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mixlaw.api.results.Interval;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Tests that a bad fit gives a warning and a good fit does not. The constants are relative errors
 * of the fitted form, as functions of ln N and ln D, both scaled to the range from -1 to 1.
 */
class LackOfFitTest {
  static final DoubleBinaryOperator NONE = (x, y) -> 0;
  static final DoubleBinaryOperator ALONG_TOKENS = (x, y) -> .02 * (y * y * y - y);
  static final DoubleBinaryOperator ALONG_PARAMS = (x, y) -> .02 * (x * x * x - x);
  static final DoubleBinaryOperator TOGETHER = (x, y) -> .02 * x * y;
  static final DoubleBinaryOperator BEND = (x, y) -> y > 0 ? .03 * y * y : 0;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void misfitIsReportedWhereThereIsSome(boolean checkpoints) {
    assertThat(warned(NONE, checkpoints, 60)).isLessThanOrEqualTo(8);
    assertThat(warned(ALONG_TOKENS, checkpoints, 20)).isGreaterThanOrEqualTo(18);
    assertThat(warned(TOGETHER, checkpoints, 20)).isGreaterThanOrEqualTo(18);
  }

  @Test
  void roundingErrorsAreNoMisfit() {
    Observations all = Truth.chinchilla().observe(() -> 0);
    for (int left = 0; left < all.size(); left++) {
      String label = all.get(left).label();
      Observations rows = all.where(o -> !o.label().equals(label));
      LawFit fit = LawFitter.of(LawForms.CHINCHILLA).bootstrap(0).fit(rows).orElseThrow();
      assertThat(fit.warnings()).as("without " + label).isEmpty();
    }
  }

  @Test
  void misfitIsReportedForSmallTablesToo() {
    assertThat(share(NONE, 5, 6, 60)).isLessThanOrEqualTo(.13);
    assertThat(share(ALONG_TOKENS, 5, 6, 60)).isGreaterThanOrEqualTo(.88);
    assertThat(share(ALONG_PARAMS, 5, 6, 60)).isGreaterThanOrEqualTo(.85);
  }

  @Test
  void misfitIsReportedWhereTheTwoLargestBudgetsAreHeldOut() {
    assertThat(HeldOut.simulate(NONE, 5, 8, 60).warned()).isLessThanOrEqualTo(.13);
    for (DoubleBinaryOperator misfit : List.of(ALONG_TOKENS, BEND)) {
      HeldOut held = HeldOut.simulate(misfit, 5, 8, 40);
      assertThat(held.warned()).isGreaterThanOrEqualTo(.9);
      // without the errors of extrapolation, the intervals contain only 52 % and 40 % of the
      // held-out rows
      assertThat(held.inside()).isGreaterThanOrEqualTo(.85);
    }
  }

  @Test
  void onlyIntervalsOfLargerRunsAreWidenedByMisfit() {
    // given
    Observations rows = table(BEND, 8, 10, false, new SplittableRandom(13));
    LawFitter fitter = LawFitter.of(LawForms.CHINCHILLA).bootstrap(200);
    // when
    LawFit fit = fitter.fit(rows).orElseThrow();
    LawFit good = fitter.fit(table(NONE, 8, 10, false, new SplittableRandom(13))).orElseThrow();
    // then
    double inside = width(fit, 1e9, 1e11);
    assertThat(width(fit, 1e9, 1.2e12)).isGreaterThan(2 * inside);
    assertThat(width(fit, 1e9, 3e11)).isLessThan(1.5 * inside);
    assertThat(width(good, 1e9, 1.2e12)).isLessThan(1.5 * width(good, 1e9, 1e11));
    assertThat(fit.warnings()).anyMatch(w -> w.contains("with larger N or D include the errors"));
  }

  private static double width(LawFit fit, double n, double d) {
    Interval interval = fit.predictNewRun(n, d).interval();
    return interval.high() - interval.low();
  }

  /**
   * Results for simulated tables whose two largest budgets were held out.
   *
   * @param inside mean fraction of held-out rows that lie inside their 95 % intervals
   * @param warned fraction of tables with a warning that the form does not fit
   * @param failing fraction of tables with fewer than 85 % of the held-out rows inside
   * @param failingWarned fraction of failing tables with such a warning
   */
  record HeldOut(double inside, double warned, double failing, double failingWarned) {
    static HeldOut simulate(DoubleBinaryOperator misfit, int sizes, int budgets, int tables) {
      double inside = 0;
      int warned = 0;
      int failing = 0;
      int both = 0;
      for (int i = 0; i < tables; i++) {
        Observations all =
            table(misfit, sizes, budgets, false, new SplittableRandom(i * 7919L + 13));
        double[] tokens = Arrays.stream(all.column(Input.D)).distinct().sorted().toArray();
        LawFit fit =
            LawFitter.of(LawForms.CHINCHILLA)
                .bootstrap(200)
                .heldOut(row -> row.inputs()[1] >= tokens[tokens.length - 2])
                .fit(all)
                .orElseThrow();
        HeldOutError error = fit.heldOut().orElseThrow();
        double held = (double) error.inside() / error.observations();
        boolean said = isSaid(fit);
        inside += held;
        warned += said ? 1 : 0;
        failing += held < .85 ? 1 : 0;
        both += held < .85 && said ? 1 : 0;
      }
      return new HeldOut(
          inside / tables,
          (double) warned / tables,
          (double) failing / tables,
          failing == 0 ? 1 : (double) both / failing);
    }
  }

  @Tag("long")
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void falseWarningsAreRareInManyTables(boolean checkpoints) {
    // 100 false warnings (5 % of 2000) are expected; 120 are two standard deviations more
    assertThat(warned(NONE, checkpoints, 2000)).isLessThanOrEqualTo(120);
    assertThat(warned(ALONG_TOKENS, checkpoints, 1000)).isGreaterThanOrEqualTo(900);
    assertThat(warned(TOGETHER, checkpoints, 1000)).isGreaterThanOrEqualTo(900);
  }

  @Test
  void intervalsThatMissHeldOutBudgetsAreReported() {
    // given a curve that bends upwards beyond the fitted budgets
    SplittableRandom random = new SplittableRandom(5);
    ObservationsBuilder points = ObservationsBuilder.of(Input.D);
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
  void rowsThatLookLikeCheckpointsAreReported() {
    assertThat(checkpointWarning(true)).isEmpty();
    assertThat(checkpointWarning(false)).isPresent();
  }

  private static Optional<String> checkpointWarning(boolean named) {
    Observations rows = table(NONE, true, new SplittableRandom(3));
    ObservationsBuilder copy = ObservationsBuilder.of("N", "D");
    int number = 0;
    for (Observations.Observation row : rows.rows()) {
      // keep one run of each size, so that all rows of a size are checkpoints of one run
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
    return warned(misfit, 8, 10, checkpoints, tables);
  }

  /** Returns the fraction of tables of independent rows that give a warning. */
  static double share(DoubleBinaryOperator misfit, int sizes, int budgets, int tables) {
    return (double) warned(misfit, sizes, budgets, false, tables) / tables;
  }

  private static long warned(
      DoubleBinaryOperator misfit, int sizes, int budgets, boolean checkpoints, int tables) {
    return IntStream.range(0, tables)
        .filter(
            i ->
                isSaid(
                    LawFitter.of(LawForms.CHINCHILLA)
                        .bootstrap(0)
                        .fit(
                            table(
                                misfit,
                                sizes,
                                budgets,
                                checkpoints,
                                new SplittableRandom(i * 7919L + 13)))
                        .orElseThrow()))
        .count();
  }

  private static boolean isSaid(LawFit fit) {
    return fit.warnings().stream().anyMatch(w -> w.contains("the form does not fit"));
  }

  static Observations table(
      DoubleBinaryOperator misfit, boolean checkpoints, SplittableRandom random) {
    return table(misfit, 8, 10, checkpoints, random);
  }

  /**
   * Returns losses at several sizes and budgets. Without checkpoints, each row has an independent
   * noise of 0.5 %. With checkpoints, each size has four runs; all checkpoints of a run share a
   * noise of 0.5 %, and each row has another noise of 0.15 %.
   */
  static Observations table(
      DoubleBinaryOperator misfit,
      int sizes,
      int budgets,
      boolean checkpoints,
      SplittableRandom random) {
    ObservationsBuilder rows = ObservationsBuilder.of(Input.N, Input.D);
    for (int i = 0; i < sizes; i++) {
      for (int run = 0; run < (checkpoints ? 4 : 1); run++) {
        double ofRun = checkpoints ? .005 * random.nextGaussian() : 0;
        for (int j = 0; j < budgets; j++) {
          double x = i / (sizes - 1.);
          double y = j / (budgets - 1.);
          double[] at = {1e7 * Math.pow(1000, x), 1e9 * Math.pow(300, y)};
          double error = ofRun + (checkpoints ? .0015 : .005) * random.nextGaussian();
          double loss =
              (1.8 + 480 * Math.pow(at[0], -.35) + 2000 * Math.pow(at[1], -.37))
                  * Math.exp(error + misfit.applyAsDouble(2 * x - 1, 2 * y - 1));
          rows.add(
              new Observations.Observation(
                  "row", at, loss, 1, checkpoints ? Optional.of(i + "/" + run) : Optional.empty()));
        }
      }
    }
    return rows.build();
  }
}
