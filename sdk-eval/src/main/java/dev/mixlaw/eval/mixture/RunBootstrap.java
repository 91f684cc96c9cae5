package dev.mixlaw.eval.mixture;

import dev.mixlaw.api.internal.Threads;
import dev.mixlaw.api.results.Answer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A bootstrap over runs, or over clusters of runs that are not independent. Each resample has its
 * own random numbers, so the draws depend neither on threads nor on the domain.
 */
final class RunBootstrap {
  /** Largest number of attempts to draw a resample to which the model can be fitted. */
  private static final int ATTEMPTS = 100;

  private RunBootstrap() {}

  /**
   * Returns the refits of all resamples, in order.
   *
   * @param refit function from the drawn runs to a refit, which is empty if the model cannot be
   *     fitted to these runs
   */
  static <T> Answer<List<T>> draw(
      String question,
      Resamples resamples,
      MixtureRuns runs,
      Function<MixtureRuns, Optional<T>> refit) {
    List<int[]> units = runs.byCluster();
    List<Supplier<Optional<T>>> work = new ArrayList<>();
    for (int r = 0; r < resamples.number(); r++) {
      SplittableRandom random = resamples.random(r);
      work.add(
          () ->
              Stream.generate(() -> refit.apply(runs.at(draw(units, random))))
                  .limit(ATTEMPTS)
                  .flatMap(Optional::stream)
                  .findFirst());
    }
    List<T> draws = new ArrayList<>();
    for (Optional<T> draw : Threads.all(work, resamples.executor(), resamples.progress())) {
      if (draw.isEmpty()) {
        return Answer.refused(
            question,
            "most bootstrap samples of the " + units.size() + " runs do not determine a fit",
            "add runs");
      }
      draws.add(draw.get());
    }
    return Answer.known(draws, List.of());
  }

  private static int[] draw(List<int[]> units, SplittableRandom random) {
    return random
        .ints(units.size(), 0, units.size())
        .flatMap(u -> Arrays.stream(units.get(u)))
        .toArray();
  }
}
