package dev.mixlaw.eval.mixture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mixlaw.api.results.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KrigingTest {
  /** A loss with diminishing returns of each source, whose minimum has a positive share of each. */
  private static final ToDoubleBiFunction<double[], TrainingScale> TRUTH =
      (r, scale) ->
          2 + 0.6 / (0.4 + Math.sqrt(r[0]) + 0.2 * r[1]) + 0.5 / (0.4 + Math.sqrt(r[1]) + r[2] / 2);

  @Test
  void aSmoothSurfaceIsInterpolated() {
    MixtureFit fit = fit(3, 30, 0, Resamples.none());

    SplittableRandom random = new SplittableRandom(8);
    double farthest = 0;
    for (int i = 0; i < 200; i++) {
      double[] shares = Simulated.shares(3, random);
      double error = Math.abs(fit.loss(shares) - TRUTH.applyAsDouble(shares, TrainingScale.UNSAID));
      farthest = Math.max(farthest, error);
    }
    assertThat(farthest).isLessThan(0.1); // losses range from 2.8 to 4.3
  }

  @Test
  void noiseOfUnknownSizeIsSmoothed() {
    MixtureRuns runs = Simulated.runs(3, 40, 0.01, TRUTH);
    MixtureFit kriging = MixtureModel.kriging().fit(runs, "domain", Resamples.none()).orElseThrow();
    MixtureFit linear = MixtureModel.linear().fit(runs, "domain", Resamples.none()).orElseThrow();

    assertThat(rootMeanSquare(kriging)).isLessThan(0.03).isLessThan(rootMeanSquare(linear) / 3);
  }

  private static double rootMeanSquare(MixtureFit fit) {
    SplittableRandom random = new SplittableRandom(9);
    return Math.sqrt(
        IntStream.range(0, 300)
            .mapToObj(i -> Simulated.shares(3, random))
            .mapToDouble(s -> fit.loss(s) - TRUTH.applyAsDouble(s, TrainingScale.UNSAID))
            .map(e -> e * e)
            .average()
            .orElseThrow());
  }

  @Test
  void intervalsContainTheTrueValueAboutAsOftenAsTheyClaim() {
    SplittableRandom random = new SplittableRandom(4);
    int held = 0;
    int all = 0;
    for (int trial = 0; trial < 40; trial++) {
      List<MixtureRuns.Run> runs = new ArrayList<>();
      for (int i = 0; i < 24; i++) {
        double[] shares = Simulated.shares(3, random);
        double loss =
            TRUTH.applyAsDouble(shares, TrainingScale.UNSAID) + 0.03 * random.nextGaussian();
        runs.add(new MixtureRuns.Run("r" + i, shares, new double[] {loss}));
      }
      MixtureFit fit =
          MixtureModel.kriging()
              .fit(
                  MixtureRuns.of(List.of("a", "b", "c"), List.of("domain"), runs),
                  "domain",
                  Resamples.of(200, trial))
              .orElseThrow();
      for (int i = 0; i < 10; i++) {
        double[] shares = Simulated.shares(3, random);
        boolean within =
            fit.predict(shares, TrainingScale.UNSAID)
                .interval()
                .contains(TRUTH.applyAsDouble(shares, TrainingScale.UNSAID));
        held += within ? 1 : 0;
        all++;
      }
    }
    assertThat((double) held / all).isBetween(0.86, 0.99);
  }

  @Test
  void thePredictionIsTheMiddleOfItsDraws() {
    MixtureFit fit = fit(3, 24, 0.01, Resamples.of(400, 2));

    double[] even = {1 / 3.0, 1 / 3.0, 1 / 3.0};
    double mean =
        fit.draws().stream()
            .mapToDouble(d -> d.applyAsDouble(even, TrainingScale.UNSAID))
            .average()
            .orElseThrow();
    double width =
        fit.predict(even, TrainingScale.UNSAID).interval().high()
            - fit.predict(even, TrainingScale.UNSAID).interval().low();
    assertThat(mean).isCloseTo(fit.loss(even), within(width / 4));
    assertThat(fit(3, 24, 0.01, Resamples.of(400, 2)).predict(even, TrainingScale.UNSAID))
        .isEqualTo(fit.predict(even, TrainingScale.UNSAID));
  }

  @Test
  void noiseAloneIsCalledSo() {
    SplittableRandom random = new SplittableRandom(6);
    List<MixtureRuns.Run> runs = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      runs.add(
          new MixtureRuns.Run(
              "r" + i,
              Simulated.shares(3, random),
              new double[] {3 + 0.1 * random.nextGaussian()}));
    }

    MixtureFit fit =
        MixtureModel.kriging()
            .fit(
                MixtureRuns.of(List.of("a", "b", "c"), List.of("domain"), runs),
                "domain",
                Resamples.none())
            .orElseThrow();

    assertThat(fit.warnings())
        .anyMatch(
            w ->
                w.contains(
                    "predicts left-out runs no better than the mean of the other runs does"));
    assertThat(fit(3, 30, 0.01, Resamples.none()).warnings()).isEmpty();
  }

  @Test
  void fewMixturesAreRefused() {
    Answer<MixtureFit> refused =
        MixtureModel.kriging().fit(Simulated.runs(3, 4, 0, TRUTH), "domain", Resamples.none());

    assertThat(refused).returns(false, Answer::isKnown);
    assertThat(refused.toString())
        .contains("4 distinct mixtures of 3 sources are too few; at least 5 are needed");
  }

  private static MixtureFit fit(int sources, int runs, double noise, Resamples resamples) {
    return MixtureModel.kriging()
        .fit(Simulated.runs(sources, runs, noise, TRUTH), "domain", resamples)
        .orElseThrow();
  }
}
