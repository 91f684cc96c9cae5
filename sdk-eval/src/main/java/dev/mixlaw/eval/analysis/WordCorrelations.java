package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.FittedLaw;
import dev.mixlaw.api.results.WordComparison;
import dev.mixlaw.api.results.WordComparison.Measure;
import dev.mixlaw.api.results.WordCorrelation;
import dev.mixlaw.api.units.Params;
import dev.mixlaw.api.units.Tokens;
import dev.mixlaw.eval.stats.RankCorrelation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * Whether figures of words order mixtures as their losses do, at the place of the grid where most
 * mixtures were measured: of the largest model among those, and its largest budget.
 */
final class WordCorrelations {
  private final WordComparison words;

  WordCorrelations(WordComparison words) {
    this.words = words;
  }

  private record Place(StudyGrid.Model model, Tokens budget) {
    Params params() {
      return model.params();
    }
  }

  /** Of every figure with the losses of a domain or of the average; none without losses. */
  List<WordCorrelation> of(StudyGrid grid, LossSeries series) {
    List<WordCorrelation> all = new ArrayList<>();
    place(grid)
        .ifPresent(
            place -> {
              for (Measure measure : Measure.values()) {
                all.add(correlation(grid, series, place, measure));
              }
            });
    return all;
  }

  /** Once for all figures and domains that are refused for the same reason. */
  static void refuse(List<WordCorrelation> correlations, RefusalCollector refusals) {
    for (WordCorrelation c : correlations) {
      if (c.rho() instanceof Answer.Refused<Estimate> refused) {
        refusals.add(refused.refusal());
      }
    }
  }

  private WordCorrelation correlation(
      StudyGrid grid, LossSeries series, Place place, Measure measure) {
    List<Double> figures = new ArrayList<>();
    List<Double> losses = new ArrayList<>();
    for (String mixture : grid.mixtures()) {
      OptionalDouble figure = figure(grid, mixture, series.domain(), measure);
      Optional<StudyGrid.Cell> cell = grid.cell(mixture, place.model(), place.budget());
      if (figure.isPresent() && cell.isPresent()) {
        figures.add(figure.getAsDouble());
        losses.add(series.value(cell.get()));
      }
    }
    Answer<Estimate> rho = RankCorrelation.estimate(array(figures), array(losses));
    return new WordCorrelation(
        measure, series.domain(), place.model().name(), place.budget(), figures.size(), rho);
  }

  /** Of a domain, or the mean over all domains if each has one. */
  private OptionalDouble figure(StudyGrid grid, String mixture, String domain, Measure measure) {
    List<String> wanted = domain.equals(FittedLaw.MACRO) ? grid.domains() : List.of(domain);
    double[] figures =
        words.fits().stream()
            .filter(f -> f.mixture().equals(mixture) && wanted.contains(f.domain()))
            .mapToDouble(measure::of)
            .toArray();
    return figures.length == wanted.size()
        ? java.util.Arrays.stream(figures).average()
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
