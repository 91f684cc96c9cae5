package dev.mixlaw.api;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;

/**
 * Shares of training tokens over corpora.
 *
 * <p>Shares are of a fixed total: 0.33 of {@code hq} means that a third of the training tokens come
 * from it. They must sum to 1 within 1e-6, which {@link Lab#plan} checks.
 *
 * @param name unique in a study
 * @param parts the corpora with their shares; corpora with share 0 are left out
 */
public record Mixture(String name, List<Part> parts) {
  public Mixture {
    Objects.requireNonNull(name, "name");
    parts = List.copyOf(parts);
  }

  /** A corpus and its share of the training tokens, in [0, 1]. */
  public record Part(Corpus corpus, double share) {
    public Part {
      Objects.requireNonNull(corpus, "corpus");
    }
  }

  /** One corpus alone, named after it. */
  public static Mixture of(Corpus corpus) {
    return new Mixture(corpus.name(), List.of(new Part(corpus, 1)));
  }

  /** An empty mixture to add parts to with {@link #with}. */
  public static Mixture named(String name) {
    return new Mixture(name, List.of());
  }

  /** This mixture with one more part. */
  public Mixture with(Corpus corpus, double share) {
    List<Part> more = new ArrayList<>(parts);
    more.add(new Part(corpus, share));
    return new Mixture(name, more);
  }

  /**
   * One mixture a share: {@code share} of {@code added}, the rest of {@code base}.
   *
   * <p>Named {@code base} at 0, {@code added} at 1 and {@code added-33} between (percent, with one
   * decimal where it is not nearly whole).
   */
  public static List<Mixture> grid(Corpus base, Corpus added, double... shares) {
    List<Mixture> mixtures = new ArrayList<>();
    for (double share : shares) {
      if (share == 0) {
        mixtures.add(of(base));
      } else if (share == 1) {
        mixtures.add(of(added));
      } else {
        mixtures.add(
            named(added.name() + "-" + percent(share)).with(base, 1 - share).with(added, share));
      }
    }
    return List.copyOf(mixtures);
  }

  /**
   * Mixtures spread over all shares of several corpora, to find the best of all with few runs; see
   * {@link MixtureSpread}, which also keeps them within what the texts hold.
   *
   * @param number of mixtures, named {@code mix-01} and on; more begin with the same
   */
  public static List<Mixture> spread(List<Corpus> corpora, int number, long seed) {
    return MixtureSpread.over(corpora).mixtures(number, seed);
  }

  private static String percent(double share) {
    double percent = share * 100;
    boolean nearlyWhole =
        Math.abs(percent - Math.rint(percent)) < 0.34; // thirds are written 33 and 67
    return nearlyWhole
        ? Long.toString(Math.round(percent))
        : String.format(Locale.ROOT, "%.1f", percent);
  }

  /** Share of the named corpus; empty if the mixture does not have it. */
  public OptionalDouble shareOf(String corpus) {
    return parts.stream()
        .filter(p -> p.corpus().name().equals(corpus))
        .mapToDouble(Part::share)
        .reduce(Double::sum);
  }

  /** Shares by corpus name, in the order given. */
  public Map<String, Double> shares() {
    Map<String, Double> shares = new LinkedHashMap<>();
    for (Part p : parts) {
      shares.merge(p.corpus().name(), p.share(), Double::sum);
    }
    return shares;
  }

  /** Share of tokens that a generator wrote. */
  public double syntheticShare() {
    return parts.stream().filter(p -> p.corpus().kind().synthetic()).mapToDouble(Part::share).sum();
  }
}
