package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.Comparison;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.FittedLaw;
import dev.mixlaw.api.results.Question;
import dev.mixlaw.eval.stats.Contrast;
import dev.mixlaw.eval.stats.FalseDiscoveryRate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Tests differences between two mixtures and controls the false discovery rate. */
final class Comparisons {
  private Comparisons() {}

  /**
   * Compares two cells at the same model and budget. No test is made if the seed noise is unknown,
   * because with the uncertainty due to documents alone every difference would appear significant.
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
        tested ? contrast.equivalence() : infinite);
  }

  static Map<StudyGrid.Cell, Comparison> withBaseline(StudyGrid grid, LossSeries series) {
    Map<StudyGrid.Cell, Comparison> compared = new LinkedHashMap<>();
    for (StudyGrid.Cell cell : grid.cells()) {
      grid.cell(grid.baseline(), cell.model(), cell.budget())
          .filter(base -> !base.equals(cell))
          .ifPresent(base -> compared.put(cell, of(series, cell, base)));
    }
    return compared;
  }

  static List<Comparison> adjusted(List<Comparison> all) {
    return adjusted(all, c -> List.of(c.model(), c.budget(), c.domain().equals(FittedLaw.MACRO)));
  }

  /**
   * Adjusts the p-values within each family of comparisons. Comparisons without a test do not
   * count.
   */
  static List<Comparison> adjusted(List<Comparison> all, Function<Comparison, Object> family) {
    Map<Object, List<Integer>> families = new LinkedHashMap<>();
    for (int i = 0; i < all.size(); i++) {
      if (all.get(i).degreesOfFreedom() > 0) {
        families.computeIfAbsent(family.apply(all.get(i)), f -> new ArrayList<>()).add(i);
      }
    }
    List<Comparison> adjusted = new ArrayList<>(all);
    for (List<Integer> members : families.values()) {
      double[] p =
          FalseDiscoveryRate.adjusted(
              members.stream().mapToDouble(i -> all.get(i).pValue()).toArray());
      for (int k = 0; k < p.length; k++) {
        adjusted.set(members.get(k), all.get(members.get(k)).adjusted(p[k]));
      }
    }
    return List.copyOf(adjusted);
  }

  /**
   * Answers the primary questions, with p-values adjusted over all of them. Questions about
   * mixtures without the necessary runs are added to {@code refusals}.
   */
  static List<Comparison> primary(
      List<Question> questions,
      StudyGrid grid,
      List<LossSeries> series,
      RefusalCollector refusals) {
    List<Comparison> answers = new ArrayList<>();
    for (Question q : questions) {
      Answer<Comparison> answer =
          series.stream()
              .filter(s -> s.domain().equals(q.domain()))
              .findFirst()
              .map(s -> answer(q, grid, s))
              .orElseGet(() -> unmeasured(q));
      answer.toOptional().ifPresent(answers::add);
      answer.withQuestion("primary question: " + q).toRefusal().ifPresent(refusals::add);
    }
    return adjusted(answers, c -> "");
  }

  private static Answer<Comparison> unmeasured(Question q) {
    return Answer.refused(
        q.toString(),
        "at least one of the two mixtures has no completed run at this model size and budget that was measured on this domain",
        "run both mixtures, and use a domain of the study");
  }

  static Answer<Comparison> answer(Question q, StudyGrid grid, LossSeries series) {
    String other = q.other().orElse(grid.baseline());
    return grid.cells().stream()
        .filter(c -> c.mixture().equals(q.mixture()))
        .filter(c -> q.model().map(m -> m.equals(c.model().name())).orElse(true))
        .filter(c -> q.budget().map(b -> b.equals(c.budget())).orElse(true))
        .filter(c -> grid.cell(other, c.model(), c.budget()).isPresent())
        .max(
            Comparator.comparing((StudyGrid.Cell c) -> c.model().params())
                .thenComparing(StudyGrid.Cell::budget))
        .map(c -> of(series, c, grid.cell(other, c.model(), c.budget()).orElseThrow()))
        .map(c -> Answer.known(c))
        .orElseGet(() -> unmeasured(q));
  }
}
