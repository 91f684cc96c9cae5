package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.results.FittedLaw;
import dev.mixlaw.api.results.Refusal;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.eval.analysis.StudyLaws.LawKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Collects refusals and merges those with the same reason. For example, a study with two model
 * sizes has one refusal of L(N) instead of one for each mixture, budget and domain.
 */
final class RefusalCollector {
  private record Reason(String symbol, String reason, String remedy) {}

  private record Where(String mixture, String place) {}

  private final List<Refusal> single = new ArrayList<>();
  private final Map<Reason, Map<Where, Set<String>>> laws = new LinkedHashMap<>();

  void add(Refusal refusal) {
    if (!single.contains(refusal)) {
      single.add(refusal);
    }
  }

  /**
   * Adds a refusal for each run that was not completed.
   *
   * @param remedy remedy for a run that diverged
   */
  void addIncomplete(List<RunResult> runs, String remedy) {
    for (RunResult run : runs) {
      if (!run.completed()) {
        add(
            new Refusal(
                "losses of " + run.key(),
                "the run " + run.outcome(),
                run.diverged()
                    ? remedy
                    : "correct the cause of the failure and run the study again"));
      }
    }
  }

  void law(LawKey key, String domain, Refusal refusal) {
    laws.computeIfAbsent(
            new Reason(key.symbol(), refusal.reason(), refusal.remedy()),
            r -> new LinkedHashMap<>())
        .computeIfAbsent(new Where(key.mixture(), key.place()), w -> new LinkedHashSet<>())
        .add(domain);
  }

  List<Refusal> all(StudyGrid grid) {
    List<Refusal> all = new ArrayList<>(single);
    laws.forEach(
        (reason, places) ->
            merged(places)
                .forEach(
                    (group, mixtures) ->
                        all.add(
                            new Refusal(
                                "law " + reason.symbol() + where(grid, mixtures, group),
                                reason.reason(),
                                reason.remedy()))));
    return all;
  }

  private static String where(StudyGrid grid, Set<String> mixtures, Group group) {
    Set<String> models = new HashSet<>();
    grid.models().forEach(m -> models.add(LawKey.place(m)));
    Set<String> budgets = new HashSet<>();
    grid.budgets().forEach(b -> budgets.add(LawKey.place(b)));
    Set<String> domains = new HashSet<>(grid.domains());
    domains.add(FittedLaw.MACRO);
    String text = " of " + some(mixtures, grid.mixtures(), "every mixture");
    if (!group.places().contains("")) {
      text +=
          " at "
              + (group.places().equals(models)
                  ? "every model"
                  : some(group.places(), budgets, "every budget"));
    }
    return text + " on " + some(group.domains(), domains, "every domain and their average");
  }

  private record Group(Set<String> places, Set<String> domains) {}

  private static Map<Group, Set<String>> merged(Map<Where, Set<String>> domainsByPlace) {
    Map<String, Map<Set<String>, Set<String>>> byMixture = new LinkedHashMap<>();
    domainsByPlace.forEach(
        (where, domains) ->
            byMixture
                .computeIfAbsent(where.mixture(), m -> new LinkedHashMap<>())
                .computeIfAbsent(domains, d -> new LinkedHashSet<>())
                .add(where.place()));
    Map<Group, Set<String>> groups = new LinkedHashMap<>();
    byMixture.forEach(
        (mixture, byDomains) ->
            byDomains.forEach(
                (domains, places) ->
                    groups
                        .computeIfAbsent(new Group(places, domains), g -> new LinkedHashSet<>())
                        .add(mixture)));
    return groups;
  }

  private static String some(Set<String> some, Collection<String> all, String every) {
    return some.size() > 1 && some.containsAll(all) ? every : String.join(", ", some);
  }
}
