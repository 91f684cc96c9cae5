package dev.mixlaw.eval.mixture;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Prints the time and the accuracy of the mixture models on the runs of RegMix. */
final class MixtureBenchmark {
  private MixtureBenchmark() {}

  public static void main(String[] args) {
    int cores = Runtime.getRuntime().availableProcessors();
    ExecutorService pool = Executors.newFixedThreadPool(cores);
    try {
      MixtureRuns train = RegMix.train(RegMix.PILE_CC);
      for (MixtureModel model :
          List.of(
              MixtureModel.linear(),
              MixtureModel.mixing(),
              MixtureModel.kriging(),
              MixtureModel.boosting())) {
        model.fit(train, RegMix.PILE_CC, Resamples.none()); // warm-up
        MixtureFit fit =
            timed(
                model.id() + ", one fit of 512 x 17",
                () -> model.fit(train, RegMix.PILE_CC, Resamples.none()).orElseThrow());
        for (String size : List.of("1m", "60m", "1B")) {
          Accuracy accuracy = Accuracy.on(RegMix.test(size), fit).orElseThrow();
          System.out.printf(
              Locale.ROOT,
              "  %s: Spearman %.4f, mean relative error %.4f%n",
              size,
              accuracy.spearman(),
              accuracy.meanRelativeError());
        }
        MixtureFit drawn =
            timed(
                model.id() + ", with 100 resamples, " + cores + " threads",
                () -> model.fit(train, RegMix.PILE_CC, new Resamples(100, 0, pool)).orElseThrow());
        Proposal proposal =
            timed(
                model.id() + ", proposal",
                () -> Proposer.of(drawn).executor(pool).best(RegMix.PILE_CC).orElseThrow());
        System.out.println(proposal);
      }
      MixtureRuns thousand = thousand();
      boostAll("one thread", thousand, Runnable::run);
      boostAll(cores + " threads", thousand, pool);
    } finally {
      pool.shutdown();
    }
  }

  private static void boostAll(String how, MixtureRuns runs, Executor executor) {
    timed(
        "boosting, 1000 mixtures x 13 domains, " + how,
        () -> MixtureModel.boosting().fitAll(runs, new Resamples(0, 0, executor)).orElseThrow());
  }

  /**
   * Returns 1000 simulated runs of RegMix's size, with 17 sources and 13 domains; each loss is a
   * nonlinear function of two shares.
   */
  private static MixtureRuns thousand() {
    SplittableRandom random = new SplittableRandom(1);
    List<MixtureRuns.Run> runs = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      double[] shares = new double[17];
      double sum = 0;
      for (int j = 0; j < 17; j++) {
        shares[j] = Math.pow(-Math.log(1 - random.nextDouble()), 2);
        sum += shares[j];
      }
      for (int j = 0; j < 17; j++) {
        shares[j] /= sum;
      }
      double[] losses = new double[13];
      for (int k = 0; k < 13; k++) {
        losses[k] =
            (2 + Math.exp(-4 * shares[k]) + Math.exp(-shares[k + 1]))
                * Math.exp(0.01 * random.nextGaussian());
      }
      runs.add(new MixtureRuns.Run("run " + i, shares, losses));
    }
    return MixtureRuns.of(
        IntStream.range(0, 17).mapToObj(j -> "s" + j).toList(),
        IntStream.range(0, 13).mapToObj(k -> "d" + k).toList(),
        runs);
  }

  private static <T> T timed(String what, Supplier<T> work) {
    long start = System.nanoTime();
    T result = work.get();
    System.out.printf(Locale.ROOT, "%s: %.2f s%n", what, (System.nanoTime() - start) / 1e9);
    return result;
  }
}
