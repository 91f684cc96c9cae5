package dev.mixlaw.eval.law;

import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;

/**
 * A law form with plausible parameters, and a design that identifies them.
 *
 * @param design inputs of each point, in the order of the form's inputs
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Truth(LawForm form, double[] parameters, List<double[]> design) {
  static Stream<Truth> all() {
    return Stream.of(
        data(8),
        model(8),
        chinchilla(),
        new Truth(LawForms.KAPLAN, new double[] {8.8e13, 5.4e13, .076, .095}, grid()),
        new Truth(LawForms.OVERTRAINING, new double[] {1.84, 212, 367, .136}, grid()),
        new Truth(
            LawForms.DATA_CONSTRAINED,
            new double[] {1.87, 521, 1488, .353, .36, 15.4, 5.3},
            repeats()),
        new Truth(LawForms.RECTIFIED, new double[] {1.2, 900, 150, .3}, column(1e5, 1e11, 24)),
        new Truth(
            LawForms.mixing(List.of("web", "code", "books")),
            new double[] {1.9, 1.1, -1.5, .7},
            simplex()),
        new Truth(
            LawForms.mixtureAdditive(List.of("web", "books")),
            new double[] {1.5, .12, 480, 2000, .35, .37, .4, .6, .3, .7},
            cross()),
        new Truth(
            LawForms.mixtureJoint(List.of("web", "books")),
            new double[] {
              1.5, .12, 300, 2500, .35, .37, .4, .6, .3, .7, .25, .75, .7, .3, -.5, -.7
            },
            cross()),
        new Truth(LawForms.biMix("web"), new double[] {800, 2.1, .33, .08}, shareOfTokens()),
        new Truth(
            LawForms.ADDED_SYNTHETIC,
            new double[] {1.7, 480, 2000, .35, .37, .5, 3, .3, .05, .4, -.3},
            added()));
  }

  /** Returns a law over tokens, with budgets from 10M to 10B tokens. */
  static Truth data(int points) {
    return new Truth(LawForms.DATA, new double[] {1.8, 2000, .37}, column(1e7, 1e10, points));
  }

  /** Returns a law over parameters, with models from 1M to 1B parameters. */
  static Truth model(int points) {
    return new Truth(LawForms.MODEL, new double[] {1.8, 480, .35}, column(1e6, 1e9, points));
  }

  /**
   * Returns the Chinchilla law, with five model sizes from 10M to 6B and six budgets from 100M to
   * 780B tokens.
   */
  static Truth chinchilla() {
    return new Truth(LawForms.CHINCHILLA, new double[] {1.8, 480, 2000, .35, .37}, grid());
  }

  /** Returns the losses at the design points, with relative errors that the caller supplies. */
  Observations observe(DoubleSupplier relativeError) {
    ObservationsBuilder points =
        ObservationsBuilder.of(form.inputs().stream().map(Input::name).toArray(String[]::new));
    for (double[] at : design) {
      points.add(form.loss(parameters, at) * Math.exp(relativeError.getAsDouble()), at);
    }
    return points.build();
  }

  @Override
  public String toString() {
    return form.id();
  }

  private static List<double[]> column(double from, double to, int number) {
    List<double[]> all = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      all.add(new double[] {from * Math.pow(to / from, i / (number - 1.0))});
    }
    return all;
  }

  private static List<double[]> grid() {
    List<double[]> all = new ArrayList<>();
    for (double n = 1e7; n < 2e10; n *= 5) {
      for (double d = 1e8; d < 1e12; d *= 6) {
        all.add(new double[] {n, d});
      }
    }
    return all;
  }

  private static List<double[]> repeats() {
    List<double[]> all = new ArrayList<>();
    for (double[] point : grid()) {
      for (double u = 1e8; u <= point[1]; u *= 10) {
        if (point[1] / u <= 300) {
          all.add(new double[] {point[0], point[1], u});
        }
      }
    }
    return all;
  }

  private static List<double[]> simplex() {
    List<double[]> all = new ArrayList<>();
    for (int i = 0; i <= 5; i++) {
      for (int j = 0; i + j <= 5; j++) {
        all.add(new double[] {i / 5.0, j / 5.0, (5 - i - j) / 5.0});
      }
    }
    return all;
  }

  private static List<double[]> cross() {
    List<double[]> all = new ArrayList<>();
    for (double[] point : grid()) {
      for (double share : new double[] {0, .1, .3, .5, .7, .9, 1}) {
        all.add(new double[] {point[0], point[1], share, 1 - share});
      }
    }
    return all;
  }

  private static List<double[]> shareOfTokens() {
    List<double[]> all = new ArrayList<>();
    for (double[] d : column(1e8, 1e11, 7)) {
      for (double share : new double[] {.05, .2, .5, 1}) {
        all.add(new double[] {d[0], share});
      }
    }
    return all;
  }

  private static List<double[]> added() {
    List<double[]> all = new ArrayList<>();
    for (double[] point : grid()) {
      for (double r : new double[] {0, .3, 1, 3, 10, 30}) {
        all.add(new double[] {point[0], point[1], r * point[1]});
      }
    }
    return all;
  }
}
