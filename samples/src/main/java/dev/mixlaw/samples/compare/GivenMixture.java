package dev.mixlaw.samples.compare;

import dev.mixlaw.api.Problem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A mixture that the user describes as {@code name=corpusA:0.7,corpusB:0.3}.
 *
 * @param shares shares of words by corpus
 */
public record GivenMixture(String name, Map<String, Double> shares) {
  private static final String OPTION = "--mixture";
  private static final double TOLERANCE = 1e-6;

  public GivenMixture {
    shares = Collections.unmodifiableMap(new LinkedHashMap<>(shares));
  }

  /**
   * Parses descriptions.
   *
   * @param problems receives the problems found
   */
  public static List<GivenMixture> parse(List<String> descriptions, List<Problem> problems) {
    List<GivenMixture> mixtures = new ArrayList<>();
    Set<String> names = new TreeSet<>();
    for (String description : descriptions) {
      parse(description, problems).ifPresent(mixtures::add);
    }
    for (GivenMixture mixture : mixtures) {
      if (!names.add(mixture.name())) {
        problems.add(
            new Problem("mixture " + mixture.name(), "two have this name", "unique names", OPTION));
      }
    }
    return mixtures;
  }

  private static Optional<GivenMixture> parse(String description, List<Problem> problems) {
    String[] nameAndShares = description.split("=", 2);
    Map<String, Double> shares = new LinkedHashMap<>();
    boolean fine = nameAndShares.length == 2 && !nameAndShares[0].isBlank();
    if (fine) {
      for (String part : nameAndShares[1].split(",", -1)) {
        int colon = part.lastIndexOf(':');
        Optional<Double> share = colon < 1 ? Optional.empty() : share(part.substring(colon + 1));
        fine &=
            share.isPresent() && shares.put(part.substring(0, colon).strip(), share.get()) == null;
      }
    }
    double sum = shares.values().stream().mapToDouble(Double::doubleValue).sum();
    if (!fine || !(Math.abs(sum - 1) <= TOLERANCE)) {
      problems.add(
          new Problem(
              OPTION,
              description + (fine ? ", shares sum to " + sum : ""),
              "name=corpusA:0.7,corpusB:0.3 with each corpus once and shares that sum to 1",
              OPTION));
      return Optional.empty();
    }
    return Optional.of(new GivenMixture(nameAndShares[0].strip(), shares));
  }

  private static Optional<Double> share(String text) {
    try {
      return Optional.of(Double.valueOf(text.strip())).filter(s -> s > 0 && s <= 1);
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** Adds the problems of this mixture over the given corpora. */
  void check(Collection<String> corpora, Collection<String> taken, List<Problem> problems) {
    for (String corpus : shares.keySet()) {
      if (!corpora.contains(corpus)) {
        problems.add(
            new Problem(
                "mixture " + name, "unknown corpus " + corpus, "one of " + corpora, OPTION));
      }
    }
    if (taken.contains(name)) {
      problems.add(
          new Problem(
              "mixture " + name,
              "another text has this name",
              "a name other than " + taken,
              OPTION));
    }
  }
}
