package dev.mixlaw.eval.law;

import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * How often 95 % intervals hold the truth: losses of a known law with Gaussian relative noise,
 * fitted again and again.
 *
 * @param floor share of repetitions whose interval of E holds the true one
 * @param extrapolation the same of the law's loss at four times the largest inputs
 * @param newRun share of new noisy losses there that the prediction interval holds
 * @param refused repetitions without a fit, left out of the shares
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
        ObservationsBuilder.of(truth.form().inputs().stream().map(Input::name).toArray(String[]::new));
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
