package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.Refusal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Collects what the data cannot say. Laws that are refused for the same reason are said in one
 * breath: a study of two sizes refuses L(N) once, not once a mixture, budget and domain.
 */
final class RefusalList {
  private record Reason(String symbol, String reason, String remedy) {}

  private record Where(String mixture, String place) {}

  private final List<Refusal> single = new ArrayList<>();
  private final Map<Reason, Map<Where, Set<String>>> laws = new LinkedHashMap<>();

  void add(Refusal refusal) {
    if (!single.contains(refusal)) {
      single.add(refusal);
    }
  }

  void law(LawKey key, String domain, Refusal refusal) {
    laws.computeIfAbsent(
            new Reason(key.symbol(), refusal.reason(), refusal.remedy()),
            r -> new LinkedHashMap<>())
        .computeIfAbsent(new Where(key.mixture(), key.place()), w -> new LinkedHashSet<>())
        .add(domain);
  }

  /**
   * All refusals.
   *
   * @param allMixtures of the study
   * @param allDomains macro and the domains
   */
  List<Refusal> all(Set<String> allMixtures, Set<String> allDomains) {
    List<Refusal> all = new ArrayList<>(single);
    laws.forEach(
        (reason, places) ->
            merged(places)
                .forEach(
                    (group, mixtures) ->
                        all.add(
                            new Refusal(
                                "law "
                                    + reason.symbol()
                                    + " of "
                                    + oneOf(mixtures, allMixtures, "every mixture")
                                    + at(group.places())
                                    + " on "
                                    + oneOf(
                                        group.domains(), allDomains, "every domain and average"),
                                reason.reason(),
                                reason.remedy()))));
    return all;
  }

  private record Group(Set<String> places, Set<String> domains) {}

  /** Mixtures that lack the same laws. */
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

  private static String oneOf(Set<String> some, Set<String> all, String every) {
    return some.size() > 1 && some.containsAll(all) ? every : String.join(", ", some);
  }

  private static String at(Set<String> places) {
    String text = String.join(", ", places);
    return text.isEmpty() ? "" : " at " + text;
  }
}
