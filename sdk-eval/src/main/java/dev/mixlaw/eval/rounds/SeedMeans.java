package dev.mixlaw.eval.rounds;

import dev.mixlaw.api.Estimate;
import dev.mixlaw.api.TextDiversity;
import java.util.List;
import java.util.function.Function;

/**
 * Figures of several seeds as one: their mean. Half the interval is the larger of the seeds' mean
 * half interval (what one text or one set of documents leaves open, as if it were common to all)
 * and 1.96 standard errors of the seeds' scatter.
 */
final class SeedMeans {
  private static final double NORMAL = 1.96;

  private SeedMeans() {}

  static Estimate of(List<Estimate> seeds) {
    int n = seeds.size();
    double mean = seeds.stream().mapToDouble(Estimate::value).sum() / n;
    double half =
        seeds.stream().mapToDouble(e -> (e.interval().high() - e.interval().low()) / 2).sum() / n;
    if (n > 1) {
      double squares =
          seeds.stream().mapToDouble(e -> (e.value() - mean) * (e.value() - mean)).sum();
      half = Math.max(half, NORMAL * Math.sqrt(squares / (n - 1) / n));
    }
    return Estimate.of(mean, mean - half, mean + half);
  }

  static TextDiversity ofTexts(List<TextDiversity> seeds) {
    return new TextDiversity(
        seeds.stream().mapToLong(TextDiversity::documents).sum() / seeds.size(),
        seeds.get(0).words(),
        of(seeds, TextDiversity::support),
        of(seeds, TextDiversity::tailMass),
        of(seeds, TextDiversity::entropy),
        of(seeds, TextDiversity::distinct),
        of(seeds, TextDiversity::selfBleu));
  }

  private static Estimate of(List<TextDiversity> seeds, Function<TextDiversity, Estimate> figure) {
    return of(seeds.stream().map(figure).toList());
  }
}
