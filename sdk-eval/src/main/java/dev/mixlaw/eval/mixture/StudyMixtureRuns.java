package dev.mixlaw.eval.mixture;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.results.Findings;
import dev.mixlaw.api.results.Measurement;
import dev.mixlaw.api.results.Metric;
import dev.mixlaw.api.results.Provenance;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.units.Params;
import dev.mixlaw.api.units.Tokens;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

final class StudyMixtureRuns {
  private static final int MOST_NAMED = 5;

  private StudyMixtureRuns() {}

  static MixtureRuns read(Findings findings, Metric metric) {
    List<RunResult> completed = findings.runs().stream().filter(RunResult::completed).toList();
    if (completed.isEmpty()) {
      throw MixlawException.data(
          "study " + findings.provenance().study() + ": completed runs",
          "none of " + findings.runs().size(),
          "at least one",
          "run the study again");
    }
    if (metric.higherIsBetter() || !findings.metrics().contains(metric)) {
      throw MixlawException.data(
          "study " + findings.provenance().study() + ": metric " + metric.name(),
          metric.higherIsBetter() ? "higher values are better" : "not measured",
          "a metric whose lower values are better, of "
              + findings.metrics().stream().map(Metric::name).toList(),
          "use another metric");
    }
    List<String> sources = sources(findings.provenance());
    List<MixtureRuns.Run> runs = new ArrayList<>();
    for (RunResult run : completed) {
      Map<String, Double> shares = shares(run, findings.provenance());
      runs.add(
          new MixtureRuns.Run(
              run.key().toString(),
              sources.stream().mapToDouble(s -> shares.getOrDefault(s, 0.0)).toArray(),
              scale(run),
              run.measurements(metric).stream().mapToDouble(m -> m.value().value()).toArray()));
    }
    List<String> others =
        findings.runs().stream()
            .filter(r -> !r.completed())
            .map(r -> r.key() + ": " + r.outcome())
            .toList();
    List<String> warnings = new ArrayList<>();
    if (!others.isEmpty()) {
      warnings.add(
          "%s runs were not completed and are left out: %s%s"
              .formatted(
                  others.size(),
                  String.join("; ", others.subList(0, Math.min(MOST_NAMED, others.size()))),
                  others.size() > MOST_NAMED ? "; …" : ""));
    }
    List<String> domains =
        completed.get(0).measurements(metric).stream().map(Measurement::subject).toList();
    return MixtureRuns.of(sources, domains, runs, warnings);
  }

  /**
   * Returns the runs of each mixture at the largest scale of the fits, without the runs that were
   * fitted.
   *
   * @throws IllegalArgumentException if the study and the fits have different corpora or domains
   */
  static Map<String, MixtureRuns> byMixture(
      Findings findings, Metric metric, List<MixtureFit> fits) {
    MixtureRuns fitted = fits.get(0).runs();
    MixtureRuns all = read(findings, metric);
    if (!all.sources().equals(fitted.sources()) || !all.domains().equals(fitted.domains())) {
      throw new IllegalArgumentException(
          "the study has the corpora %s and the domains %s; expected those of the fits, %s and %s"
              .formatted(all.sources(), all.domains(), fitted.sources(), fitted.domains()));
    }
    Set<String> seen =
        fitted.rows().stream().map(MixtureRuns.Run::label).collect(Collectors.toSet());
    Map<String, String> mixtures = new LinkedHashMap<>();
    findings.runs().forEach(r -> mixtures.put(r.key().toString(), r.key().mixture()));
    Map<String, List<Integer>> places = new LinkedHashMap<>();
    for (int i = 0; i < all.size(); i++) {
      MixtureRuns.Run run = all.rows().get(i);
      if (run.scale().equals(fitted.largestScale()) && !seen.contains(run.label())) {
        places
            .computeIfAbsent(String.valueOf(mixtures.get(run.label())), m -> new ArrayList<>())
            .add(i);
      }
    }
    Map<String, MixtureRuns> byMixture = new LinkedHashMap<>();
    places.forEach((m, at) -> byMixture.put(m, all.at(at.stream().mapToInt(i -> i).toArray())));
    return byMixture;
  }

  private static TrainingScale scale(RunResult run) {
    return TrainingScale.of(
        Params.params(run.nonEmbeddingParameters()), Tokens.tokens(run.tokens()));
  }

  private static List<String> sources(Provenance provenance) {
    Set<String> named = new LinkedHashSet<>();
    provenance.corpora().forEach(c -> named.add(c.name()));
    provenance.mixtures().values().forEach(m -> named.addAll(m.keySet()));
    return List.copyOf(named);
  }

  /** Returns the achieved shares or, if they are unknown, the requested shares. */
  private static Map<String, Double> shares(RunResult run, Provenance provenance) {
    return run.achievedShares().isEmpty()
        ? provenance.mixtures().getOrDefault(run.key().mixture(), Map.of())
        : run.achievedShares();
  }
}
