package dev.mixlaw.samples;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Parses mixtures of the form {@code name=corpusA:0.7,corpusB:0.3}. */
final class MixtureShares {
  private static final String OPTION = "--mixture";

  /**
   * Rounding error that is accepted in a share, because shares are often written with six digits.
   */
  private static final double TOLERANCE = 1e-6;

  private MixtureShares() {}

  /**
   * Returns a map from each mixture to the shares of its corpora.
   *
   * @param problems receives the problems found
   */
  static Map<String, Map<String, Double>> parse(
      List<String> descriptions, OptionProblems problems) {
    Map<String, Map<String, Double>> mixtures = new LinkedHashMap<>();
    for (String description : descriptions) {
      String[] nameAndShares = description.split("=", 2);
      String name = nameAndShares[0].strip();
      Map<String, Double> shares = new LinkedHashMap<>();
      boolean valid = nameAndShares.length == 2 && !name.isEmpty();
      if (valid) {
        for (String part : nameAndShares[1].split(",", -1)) {
          int colon = part.lastIndexOf(':');
          Optional<Double> share = colon < 1 ? Optional.empty() : share(part.substring(colon + 1));
          valid &=
              share.isPresent()
                  && shares.put(part.substring(0, colon).strip(), share.get()) == null;
        }
      }
      double sum = shares.values().stream().mapToDouble(Double::doubleValue).sum();
      if (!valid || !(Math.abs(sum - 1) <= TOLERANCE * shares.size())) {
        problems.add(
            OPTION,
            description + (valid ? ", shares sum to " + sum : ""),
            "name=corpusA:0.7,corpusB:0.3 with each corpus once and shares that sum to 1");
      } else if (mixtures.putIfAbsent(name, shares) != null) {
        problems.add(OPTION, "two mixtures have the name " + name, "unique names");
      }
    }
    return mixtures;
  }

  private static Optional<Double> share(String text) {
    try {
      return Optional.of(Double.valueOf(text.strip())).filter(s -> s > 0 && s <= 1);
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }
}
