package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.eval.stats.Contrast;
import dev.mixlaw.eval.stats.NoiseEstimate;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Means over seeds with Student's t intervals. The seed noise is pooled over all groups, so that a
 * group of two seeds has more than one degree of freedom.
 */
final class SeedMeans {
  private static final double NORMAL_95 = 1.959964;

  private final Optional<NoiseEstimate> noise;
  private final boolean sameDocuments;

  /**
   * Pools the seed noise over the given groups.
   *
   * @param groups estimates of the seeds in each group
   * @param sameDocuments whether all seeds are measured on the same documents; if so, the
   *     uncertainty due to documents does not fall with the number of seeds; if not, it is part of
   *     the spread of the seeds
   */
  SeedMeans(Collection<List<Estimate>> groups, boolean sameDocuments) {
    noise =
        NoiseEstimate.pooled(
            groups.stream().map(g -> g.stream().mapToDouble(Estimate::value).toArray()).toList());
    this.sameDocuments = sameDocuments;
  }

  Estimate of(List<Estimate> seeds) {
    double mean = seeds.stream().mapToDouble(Estimate::value).average().orElseThrow();
    double half =
        seeds.stream()
            .mapToDouble(e -> (e.interval().high() - e.interval().low()) / 2)
            .average()
            .orElseThrow();
    NoiseEstimate ofDocuments = new NoiseEstimate(half / NORMAL_95, Double.POSITIVE_INFINITY);
    return new Contrast(
            mean,
            noise
                .map(n -> n.times(1 / Math.sqrt(seeds.size())))
                .map(n -> sameDocuments ? n.plus(ofDocuments) : n)
                .orElse(ofDocuments))
        .estimate();
  }
}
