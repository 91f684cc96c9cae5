package dev.mixlaw.eval.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.hipparchus.special.Gamma;
import org.junit.jupiter.api.Test;

class NoiseEstimateTest {
  @Test
  void gammaFunctionsAgreeWithHipparchus() {
    for (double x : new double[] {0.05, 0.5, 1, 2.7, 9.9, 40, 1e5}) {
      assertThat(dev.mixlaw.eval.stats.Gamma.log(x))
          .isCloseTo(Gamma.logGamma(x), within(1e-9 * Math.max(1, Math.abs(Gamma.logGamma(x)))));
      assertThat(dev.mixlaw.eval.stats.Gamma.digamma(x)).isCloseTo(Gamma.digamma(x), within(1e-8));
      double trigamma = dev.mixlaw.eval.stats.Gamma.trigamma(x);
      assertThat(trigamma / Gamma.trigamma(x)).isCloseTo(1, within(1e-8));
      assertThat(dev.mixlaw.eval.stats.Gamma.inverseTrigamma(trigamma) / x)
          .isCloseTo(1, within(1e-6));
    }
  }

  @Test
  void aMixtureOfEqualPartsIsThePartAndOneOfUnlikePartsHasFewerDegreesOfFreedom() {
    NoiseEstimate two = new NoiseEstimate(2, 8);
    NoiseEstimate same = NoiseEstimate.ofMixture(List.of(two, two));
    NoiseEstimate unlike = NoiseEstimate.ofMixture(List.of(two.times(0.5), two.times(2)));

    assertThat(same.standardDeviation()).isCloseTo(2, within(1e-6));
    assertThat(same.degreesOfFreedom()).isCloseTo(8, within(1e-5));
    assertThat(unlike.degreesOfFreedom()).isLessThan(3);
    assertThat(unlike.standardDeviation()).isBetween(1.0, 2.5);
  }

  @Test
  void sumsHaveTheDegreesOfFreedomOfSatterthwaite() {
    NoiseEstimate sum = new NoiseEstimate(3, 4).plus(new NoiseEstimate(4, 8));

    assertThat(sum.standardDeviation()).isCloseTo(5, within(1e-12));
    assertThat(sum.degreesOfFreedom()).isCloseTo(625 / (81 / 4.0 + 256 / 8.0), within(1e-9));
    assertThat(sum.plus(NoiseEstimate.NONE)).isEqualTo(sum);
  }

  /**
   * Twelve groups with 2 degrees of freedom, whose true variances are drawn from a scaled inverse
   * chi-square distribution with 3 degrees of freedom. The intervals are compared with those of a
   * pretest, which uses the standard deviation of the group itself if it is more than twice the
   * pooled one, but always the pooled degrees of freedom.
   */
  @Test
  void intervalsOfModeratedVariancesAreCorrectAndNarrowerThanThoseOfAPretest() {
    int groups = 12;
    int hits = 0;
    double width = 0;
    double before = 0;
    SplittableRandom random = new SplittableRandom(5);
    int repetitions = 1000;
    for (int repetition = 0; repetition < repetitions; repetition++) {
      List<NoiseEstimate> own = new ArrayList<>();
      double[] errors = new double[groups];
      for (int g = 0; g < groups; g++) {
        double sigma = Math.sqrt(3 / ChiSquare.draw(random, 3));
        own.add(new NoiseEstimate(sigma * Math.sqrt(ChiSquare.draw(random, 2) / 2), 2));
        errors[g] = sigma * random.nextGaussian();
      }
      double pooled =
          Math.sqrt(own.stream().mapToDouble(NoiseEstimate::variance).average().orElseThrow());
      List<NoiseEstimate> all = NoiseEstimate.moderated(own);
      for (int g = 0; g < groups; g++) {
        NoiseEstimate n = all.get(g);
        double half = n.standardDeviation() * StudentT.quantile(0.975, n.degreesOfFreedom());
        hits += Math.abs(errors[g]) < half ? 1 : 0;
        width += half;
        double spread = own.get(g).standardDeviation();
        before += (spread > 2 * pooled ? spread : pooled) * StudentT.quantile(0.975, 2 * groups);
      }
    }
    assertThat(hits / (double) (groups * repetitions)).isBetween(0.92, 0.96);
    assertThat(width).isLessThan(0.95 * before);
  }

  @Test
  void equalVariancesArePooled() {
    SplittableRandom random = new SplittableRandom(6);
    List<NoiseEstimate> own = new ArrayList<>();
    for (int g = 0; g < 200; g++) {
      own.add(new NoiseEstimate(Math.sqrt(ChiSquare.draw(random, 3) / 3), 3));
    }
    assertThat(NoiseEstimate.moderated(own))
        .allMatch(n -> Math.abs(n.standardDeviation() - 1) < 0.2)
        .allMatch(n -> n.degreesOfFreedom() > 25);
  }
}
