package dev.mixlaw.eval.law;

import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * How often 95 % intervals contain the true value. A law is fitted repeatedly to losses that it
 * predicts with Gaussian relative noise.
 *
 * @param floor fraction of repetitions in which the interval of E contains the true E
 * @param extrapolation fraction of repetitions in which the interval of the loss at four times the
 *     largest inputs contains the true loss
 * @param newRun fraction of repetitions in which the prediction interval at four times the largest
 *     inputs contains a new noisy loss
 * @param refused number of repetitions without a fit, which the fractions leave out
 */
record Coverage(double floor, double extrapolation, double newRun, int refused) {
  static Coverage simulate(
      Truth truth, Objective objective, double noise, int repetitions, int resamples) {
    AtomicInteger floor = new AtomicInteger();
    AtomicInteger extrapolation = new AtomicInteger();
    AtomicInteger newRun = new AtomicInteger();
    AtomicInteger refused = new AtomicInteger();
    double[] far = new double[truth.form().inputs().size()];
    for (double[] point : truth.design()) {
      for (int k = 0; k < far.length; k++) {
        far[k] = Math.max(far[k], 4 * point[k]);
      }
    }
    double there = truth.form().loss(truth.parameters(), far);
    IntStream.range(0, repetitions)
        .parallel()
        .forEach(
            repetition -> {
              SplittableRandom random = new SplittableRandom(repetition * 0x9E3779B97F4A7C15L);
              LawFit fit =
                  LawFitter.of(truth.form())
                      .objective(objective)
                      .bootstrap(resamples)
                      .seed(repetition)
                      .fit(observe(truth, objective, noise, random))
                      .toOptional()
                      .orElse(null);
              if (fit == null) {
                refused.incrementAndGet();
                return;
              }
              if (fit.parameter("E").interval().contains(truth.parameters()[0])) {
                floor.incrementAndGet();
              }
              if (fit.predict(far).interval().contains(there)) {
                extrapolation.incrementAndGet();
              }
              if (fit.predictNewRun(far)
                  .interval()
                  .contains(noisy(truth, objective, there, noise * random.nextGaussian()))) {
                newRun.incrementAndGet();
              }
            });
    double fitted = repetitions - refused.get();
    return new Coverage(
        floor.get() / fitted, extrapolation.get() / fitted, newRun.get() / fitted, refused.get());
  }

  private static Observations observe(
      Truth truth, Objective objective, double noise, RandomGenerator random) {
    ObservationsBuilder noisy =
        ObservationsBuilder.of(
            truth.form().inputs().stream().map(Input::name).toArray(String[]::new));
    for (Observations.Observation row : truth.observe(() -> 0).rows()) {
      noisy.add(noisy(truth, objective, row.loss(), noise * random.nextGaussian()), row.inputs());
    }
    return noisy.build();
  }

  private static double noisy(Truth truth, Objective objective, double loss, double error) {
    if (objective == Objective.HUBER_LOG) {
      return loss * Math.exp(error);
    }
    double typical =
        truth.form().loss(truth.parameters(), truth.design().get(truth.design().size() / 2));
    return loss + typical * error;
  }
}
