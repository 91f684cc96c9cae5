package dev.mixlaw.eval.analysis;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Mixtures that differ only in the share of one corpus. The remainder of each mixture consists of
 * the corpora of the baseline, in the proportions of the baseline.
 *
 * @param mixtures map from the share of the corpus to the name of the mixture
 */
record MixturesByShare(String corpus, NavigableMap<Double, String> mixtures) {
  private static final double TOLERANCE = 1e-6;

  static List<MixturesByShare> all(StudyGrid grid) {
    return grid.corpora().stream()
        .map(corpus -> of(grid, corpus))
        .filter(a -> a.mixtures().size() > 1)
        .toList();
  }

  static MixturesByShare of(StudyGrid grid, String corpus) {
    Map<String, Double> baseline =
        rest(grid.shares().getOrDefault(grid.baseline(), Map.of()), corpus);
    NavigableMap<Double, String> mixtures = new TreeMap<>();
    grid.shares()
        .forEach(
            (name, shares) -> {
              if (same(rest(shares, corpus), baseline)) {
                mixtures.putIfAbsent(shares.getOrDefault(corpus, 0.0), name);
              }
            });
    return new MixturesByShare(corpus, Collections.unmodifiableNavigableMap(mixtures));
  }

  /** Returns the proportions of the other corpora in the baseline, which sum to 1. */
  Map<String, Double> rest(StudyGrid grid) {
    return rest(grid.shares().getOrDefault(grid.baseline(), Map.of()), corpus);
  }

  /** Returns the proportions of all other corpora, or an empty map if there are none. */
  private static Map<String, Double> rest(Map<String, Double> shares, String corpus) {
    Map<String, Double> rest = new HashMap<>(shares);
    rest.remove(corpus);
    rest.values().removeIf(s -> s <= 0);
    double sum = rest.values().stream().mapToDouble(Double::doubleValue).sum();
    rest.replaceAll((c, s) -> s / sum);
    return rest;
  }

  private static boolean same(Map<String, Double> rest, Map<String, Double> baseline) {
    return rest.isEmpty()
        || (rest.keySet().equals(baseline.keySet())
            && rest.keySet().stream()
                .allMatch(c -> Math.abs(rest.get(c) - baseline.get(c)) <= TOLERANCE));
  }
}
