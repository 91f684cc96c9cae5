package dev.mixlaw.eval.boosting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.ml.lightgbm.PredictionType;
import io.github.metarank.lightgbm4j.LGBMBooster;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TreesTest {
  private static String train(double[][] rows, double[] target) {
    double[] weights = new double[target.length];
    Arrays.fill(weights, 1);
    return LightGbm.train(50, LightGbm.parameters(0.1, 16, 1), rows, target, weights);
  }

  private static double[][] rows(int number, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[][] rows = new double[number][];
    for (int i = 0; i < number; i++) {
      double a = random.nextInt(4) == 0 ? 0 : random.nextDouble();
      rows[i] = new double[] {a, 1 - a};
    }
    return rows;
  }

  @Test
  void theSumIsWhatLightGbmItselfPredicts() throws Exception {
    double[][] rows = rows(200, 1);
    double[] target = new double[200];
    for (int i = 0; i < 200; i++) {
      target[i] = 3 + Math.sin(9 * rows[i][0]);
    }
    String text = train(rows, target);
    Trees trees = Trees.read(text);

    try (LGBMBooster booster = LGBMBooster.loadModelFromString(text)) {
      for (double[] at : rows(100, 2)) {
        assertThat(trees.value(at))
            .isEqualTo(booster.predictForMatSingleRow(at, PredictionType.C_API_PREDICT_NORMAL));
      }
    }
  }

  @Test
  void nativesAreNoOtherProcesss() throws Exception {
    String shared = System.getProperty("java.io.tmpdir");
    train(rows(40, 1), new double[40]);

    assertThat(System.getProperty("java.io.tmpdir")).isEqualTo(shared);
    Path maps = Path.of("/proc/self/maps");
    assumeTrue(Files.exists(maps), "skipped: no /proc/self/maps here");
    assertThat(Files.readAllLines(maps).stream().filter(l -> l.contains("lib_lightgbm")))
        .isNotEmpty()
        .allMatch(l -> l.contains("mixlaw-lightgbm"));
  }

  @Test
  void runsThatCannotBeSplitGiveTheirMean() {
    String text = train(new double[][] {{0.5, 0.5}, {0.5, 0.5}}, new double[] {2, 4});

    assertThat(Trees.read(text).value(new double[] {0.1, 0.9})).isEqualTo(3);
  }

  @Test
  void aSplitOfAnotherKindIsNotGuessedAt() {
    double[][] rows = rows(40, 1);
    String text = train(rows, Arrays.stream(rows).mapToDouble(r -> r[0]).toArray());

    assertThatThrownBy(() -> Trees.read(text.replaceFirst("decision_type=2", "decision_type=1")))
        .hasMessageContaining("unknown type 1");
  }
}
