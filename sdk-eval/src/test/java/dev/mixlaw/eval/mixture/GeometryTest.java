package dev.mixlaw.eval.mixture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class GeometryTest {
  @Test
  void blendsOfTriedMixturesLieInTheirHull() {
    SplittableRandom random = new SplittableRandom(4);
    double[][] tried = random(60, 8, random);
    for (int i = 0; i < 20; i++) {
      double[] weights = random(1, 60, random)[0];
      double[] blend = new double[8];
      for (int k = 0; k < 60; k++) {
        for (int j = 0; j < 8; j++) {
          blend[j] += weights[k] * tried[k][j];
        }
      }
      assertThat(ProposalSearch.hullDistance(tried, blend)).isLessThan(0.01);
    }
  }

  @Test
  void theDistanceFromTheHullIsTheDistanceFromItsNearestPoint() {
    double[][] tried = {{0.6, 0.4, 0}, {0.6, 0, 0.4}, {0.2, 0.4, 0.4}};

    // the point of the convex hull that is nearest to pure a is halfway between the first two
    // mixtures
    assertThat(ProposalSearch.hullDistance(tried, new double[] {1, 0, 0}))
        .isCloseTo(Math.sqrt(0.16 + 0.04 + 0.04), within(1e-3));
    assertThat(ProposalSearch.hullDistance(tried, new double[] {0.6, 0.4, 0})).isLessThan(0.001);
  }

  @Test
  void theNearestAllowedSharesAreNearerThanAnyOthers() {
    ShareBounds box = new ShareBounds(new double[] {0.1, 0, 0}, new double[] {0.5, 0.4, 1});
    double[] asked = {0.7, 0.3, 0};
    double[] nearest = box.nearest(asked);

    assertThat(Arrays.stream(nearest).sum()).isCloseTo(1, within(1e-15));
    assertThat(box.contains(nearest)).isTrue();
    double least = Double.POSITIVE_INFINITY;
    for (double a = 0.1; a <= 0.5; a += 0.002) {
      for (double b = 0; b <= 0.4; b += 0.002) {
        least = Math.min(least, distance(asked, new double[] {a, b, 1 - a - b}));
      }
    }
    assertThat(distance(asked, nearest)).isLessThanOrEqualTo(least + 1e-12);
  }

  @Test
  void othersFillInProportionUntilABoundStopsThem() {
    ShareBounds free = new ShareBounds(new double[3], new double[] {1, 1, 1});
    ShareBounds tight = new ShareBounds(new double[3], new double[] {1, 0.3, 1});
    double[] best = {0.5, 0.3, 0.2};

    assertThat(free.proportional(best, 0, 0.2))
        .containsExactly(new double[] {0.2, 0.48, 0.32}, within(1e-12));
    assertThat(tight.proportional(best, 0, 0.2))
        .containsExactly(new double[] {0.2, 0.3, 0.5}, within(1e-12));
  }

  private static double distance(double[] a, double[] b) {
    double sum = 0;
    for (int j = 0; j < a.length; j++) {
      sum += (a[j] - b[j]) * (a[j] - b[j]);
    }
    return Math.sqrt(sum);
  }

  private static double[][] random(int number, int sources, SplittableRandom random) {
    double[][] all = new double[number][sources];
    for (double[] shares : all) {
      double sum = 0;
      for (int j = 0; j < sources; j++) {
        shares[j] = -Math.log(1 - random.nextDouble());
        sum += shares[j];
      }
      for (int j = 0; j < sources; j++) {
        shares[j] /= sum;
      }
    }
    return all;
  }
}
