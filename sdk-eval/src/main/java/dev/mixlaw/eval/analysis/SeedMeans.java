package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.TextDiversity;
import dev.mixlaw.api.results.TextDiversity.Measure;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Means over seeds. Half the width of the interval is the larger of two values: the mean half width
 * of the seeds (the uncertainty due to documents or text, treated as common to all seeds), and 1.96
 * standard errors over the seeds.
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
    Map<Measure, Estimate> means = new EnumMap<>(Measure.class);
    for (Measure measure : Measure.values()) {
      means.put(measure, of(seeds.stream().map(s -> s.of(measure)).toList()));
    }
    return new TextDiversity(
        seeds.stream().mapToLong(TextDiversity::documents).sum() / seeds.size(),
        seeds.get(0).words(),
        means);
  }
}
