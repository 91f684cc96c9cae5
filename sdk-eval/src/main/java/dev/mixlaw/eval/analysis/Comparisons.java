package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.results.Comparison;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.FittedLaw;
import dev.mixlaw.eval.stats.Contrast;
import dev.mixlaw.eval.stats.FalseDiscoveryRate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Tests differences of two mixtures, with control of the false discovery rate. */
final class Comparisons {
  private Comparisons() {}

  /**
   * Returns a comparison of two cells at the same model and budget. Without known seed noise
   * nothing is tested: the uncertainty due to documents alone would make every difference
   * significant.
   */
  static Comparison of(LossSeries series, StudyGrid.Cell cell, StudyGrid.Cell other) {
    Contrast contrast = series.difference(cell, other);
    boolean tested = series.seeds().known() && contrast.error().standardDeviation() > 0;
    double infinite = Double.POSITIVE_INFINITY;
    double p = tested ? contrast.pValue() : 1;
    return new Comparison(
        cell.mixture(),
        other.mixture(),
        cell.model().name(),
        cell.budget(),
        series.domain(),
        contrast.error().standardDeviation() > 0
            ? contrast.estimate()
            : Estimate.of(contrast.value(), -infinite, infinite),
        series.documents(),
        tested ? contrast.degreesOfFreedom() : 0,
        p,
        p,
        tested ? contrast.detectable() : infinite,
        tested ? contrast.equivalence() : infinite,
        false);
  }

  /** Returns comparisons with the adjusted p-values of those that are shown together. */
  static List<Comparison> adjusted(List<Comparison> all) {
    return adjusted(all, c -> c, (c, adjusted) -> adjusted);
  }

  /** Adjusts the comparisons that are parts of other results; untested ones do not count. */
  static <T> List<T> adjusted(
      List<T> all, Function<T, Comparison> of, BiFunction<T, Comparison, T> with) {
    Map<List<Object>, List<Integer>> families = new LinkedHashMap<>();
    for (int i = 0; i < all.size(); i++) {
      Comparison c = of.apply(all.get(i));
      if (c.degreesOfFreedom() > 0) {
        families.computeIfAbsent(family(c), f -> new ArrayList<>()).add(i);
      }
    }
    List<T> adjusted = new ArrayList<>(all);
    for (List<Integer> family : families.values()) {
      double[] p =
          FalseDiscoveryRate.adjusted(
              family.stream().mapToDouble(i -> of.apply(all.get(i)).pValue()).toArray());
      for (int k = 0; k < p.length; k++) {
        T one = all.get(family.get(k));
        Comparison c = of.apply(one);
        adjusted.set(family.get(k), with.apply(one, c.adjusted(p[k], c.primary())));
      }
    }
    return adjusted;
  }

  private static List<Object> family(Comparison c) {
    return c.primary()
        ? List.of()
        : List.of(c.model(), c.budget(), c.domain().equals(FittedLaw.MACRO));
  }
}
