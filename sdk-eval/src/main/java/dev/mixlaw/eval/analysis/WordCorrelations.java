package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.FittedLaw;
import dev.mixlaw.api.results.WordComparison;
import dev.mixlaw.api.results.WordCorrelation;
import dev.mixlaw.api.units.Params;
import dev.mixlaw.api.units.Tokens;
import dev.mixlaw.eval.stats.RankCorrelation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * Rank correlations between word measures and losses over mixtures. They are computed at the model
 * and budget at which most mixtures were run. Ties are broken by the largest model, then by the
 * largest budget.
 */
record WordCorrelations(WordComparison words) {
  private record Place(StudyGrid.Model model, Tokens budget) {
    Params params() {
      return model.params();
    }
  }

  List<WordCorrelation> of(StudyGrid grid, LossSeries series) {
    List<WordCorrelation> all = new ArrayList<>();
    place(grid)
        .ifPresent(
            place ->
                words.fits().stream()
                    .limit(1)
                    .flatMap(fit -> fit.statistics().keySet().stream())
                    .forEach(m -> all.add(correlation(grid, series, place, m))));
    return all;
  }

  /** Adds refusals to a collector. Measures and domains with the same reason share a refusal. */
  static void refuse(List<WordCorrelation> correlations, RefusalCollector refusals) {
    for (WordCorrelation c : correlations) {
      c.rho().toRefusal().ifPresent(refusals::add);
    }
  }

  private WordCorrelation correlation(
      StudyGrid grid, LossSeries series, Place place, String measure) {
    List<Double> values = new ArrayList<>();
    List<Double> losses = new ArrayList<>();
    for (String mixture : grid.mixtures()) {
      OptionalDouble value = measure(grid, mixture, series.domain(), measure);
      Optional<StudyGrid.Cell> cell = grid.cell(mixture, place.model(), place.budget());
      if (value.isPresent() && cell.isPresent()) {
        values.add(value.getAsDouble());
        losses.add(series.value(cell.get()));
      }
    }
    Answer<Estimate> rho = RankCorrelation.estimate(array(values), array(losses));
    return new WordCorrelation(
        measure, series.domain(), place.model().name(), place.budget(), values.size(), rho);
  }

  /**
   * Returns a word measure of a mixture on a domain. For the macro average, returns the mean over
   * all domains.
   */
  private OptionalDouble measure(StudyGrid grid, String mixture, String domain, String measure) {
    List<String> wanted = domain.equals(FittedLaw.MACRO) ? grid.domains() : List.of(domain);
    double[] values =
        words.fits().stream()
            .filter(f -> f.mixture().equals(mixture) && wanted.contains(f.domain()))
            .mapToDouble(f -> f.statistics().get(measure))
            .toArray();
    return values.length == wanted.size()
        ? Arrays.stream(values).average()
        : OptionalDouble.empty();
  }

  private static Optional<Place> place(StudyGrid grid) {
    Comparator<Place> size = Comparator.comparing(Place::params).thenComparing(Place::budget);
    Map<Place, Integer> mixtures = new TreeMap<>(size.thenComparing(place -> place.model().name()));
    grid.cells().forEach(c -> mixtures.merge(new Place(c.model(), c.budget()), 1, Integer::sum));
    return mixtures.entrySet().stream()
        .max(
            Map.Entry.<Place, Integer>comparingByValue()
                .thenComparing(Map.Entry.comparingByKey(size)))
        .map(Map.Entry::getKey);
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
