package dev.mixlaw.train.run;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.Study;
import dev.mixlaw.api.results.Metric;
import dev.mixlaw.api.units.Tokens;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Chooses the jobs that check other learning rates, with the smallest model and the largest budget.
 * The mixtures are the baseline and the two others with the lowest loss. Mixtures without a
 * measured run come last, in the order of the study.
 */
record RateCheckJobs(Study study, RunIdentities identities, EarlierRuns earlier) {
  /**
   * Returns the jobs.
   *
   * @param grid the jobs of the study's grid
   * @param problems receives a problem if the baseline has no run in the grid
   * @param notes receives a note that names the mixtures
   */
  List<RunJob> of(List<RunJob> grid, List<Problem> problems, List<String> notes) {
    Comparator<RunJob> bySize = Comparator.comparingLong(j -> j.model().nonEmbeddingParameters());
    ModelSpec smallest = grid.stream().min(bySize).orElseThrow().model();
    Tokens largest = study.budgets().get(study.budgets().size() - 1);
    Map<String, List<RunJob>> byMixture =
        grid.stream()
            .filter(j -> j.model().equals(smallest) && j.last().key().budget().equals(largest))
            .collect(
                Collectors.groupingBy(RunJob::mixture, LinkedHashMap::new, Collectors.toList()));
    ToDoubleFunction<String> loss =
        mixture ->
            byMixture.get(mixture).stream()
                .flatMap(j -> earlier.of(identities.of(j, j.last())).stream())
                .flatMap(e -> e.measured().all().stream())
                .filter(m -> m.metric().equals(Metric.NATS_PER_TOKEN))
                .mapToDouble(m -> m.value().value())
                .average()
                .orElse(Double.POSITIVE_INFINITY);
    String baseline = study.baselineMixture().orElseThrow().name();
    if (!byMixture.containsKey(baseline)) {
      problems.add(
          new Problem(
              "study " + study.name() + ": learning rates",
              "%s has no run with model %s and %s tokens"
                  .formatted(baseline, smallest.name(), largest),
              "a run of the baseline with which other rates are compared",
              "add it with Study.runs, or omit Study.checkRates"));
      return List.of();
    }
    List<String> chosen =
        Stream.concat(
                Stream.of(baseline),
                byMixture.keySet().stream()
                    .filter(m -> !m.equals(baseline))
                    .sorted(Comparator.comparingDouble(loss))
                    .limit(2))
            .toList();
    boolean measured =
        byMixture.values().stream()
            .flatMap(List::stream)
            .allMatch(j -> earlier.settled(identities.of(j, j.last())));
    notes.add(
        "the learning rates × %s are checked with model %s, %s tokens and mixtures %s%s"
            .formatted(
                study.rateFactors().stream().map(Double::floatValue).toList(),
                smallest.name(),
                largest,
                String.join(", ", chosen),
                measured ? "" : "; the two with the lowest loss are chosen when all are measured"));
    return study.rateFactors().stream()
        .flatMap(f -> chosen.stream().flatMap(m -> byMixture.get(m).stream()).map(j -> j.atRate(f)))
        .toList();
  }
}
