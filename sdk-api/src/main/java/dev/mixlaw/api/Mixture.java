package dev.mixlaw.api;

import dev.mixlaw.api.internal.Texts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;

/**
 * A named set of corpora, each with its share of the training tokens.
 *
 * <p>If the corpus {@code hq} has a share of 0.33, a third of the training tokens come from {@code
 * hq}. The shares must sum to 1 within 1e-6, which {@link Lab#plan} checks.
 *
 * @param name unique in a study; consists of letters, digits and {@code . _ -}
 * @param parts the corpora with their shares; corpora with a share of 0 are omitted
 */
public record Mixture(String name, List<Part> parts) {
  /** Copies the list. */
  public Mixture {
    Objects.requireNonNull(name, "name");
    parts = List.copyOf(parts);
  }

  /**
   * A corpus and its share of a mixture.
   *
   * @param corpus source of the text
   * @param share fraction of the training tokens, above 0 and at most 1
   */
  public record Part(Corpus corpus, double share) {
    /** Checks that the corpus is not null. */
    public Part {
      Objects.requireNonNull(corpus, "corpus");
    }
  }

  /** Returns a mixture that consists of a single corpus and has the name of the corpus. */
  public static Mixture of(Corpus corpus) {
    return new Mixture(corpus.name(), List.of(new Part(corpus, 1)));
  }

  /** Returns a mixture without corpora; {@link #with} adds them. */
  public static Mixture named(String name) {
    return new Mixture(name, List.of());
  }

  /**
   * Returns a copy of this mixture to which a corpus is added, with a share above 0 and at most 1.
   */
  public Mixture with(Corpus corpus, double share) {
    List<Part> more = new ArrayList<>(parts);
    more.add(new Part(corpus, share));
    return new Mixture(name, more);
  }

  /**
   * Returns one mixture of two corpora for each given share of the second corpus.
   *
   * <p>The mixture with share 0 has the name of {@code base}, and the mixture with share 1 the name
   * of {@code added}. Other mixtures have names such as {@code added-33}, with the share in
   * percent.
   *
   * @param base corpus that supplies the remaining tokens
   * @param added corpus whose share varies
   * @param shares shares of {@code added}, from 0 to 1
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
   * Returns mixtures that are spread over all possible shares of several corpora. With such a set,
   * the best mixture can be found with few runs. {@link MixtureSpread} has more options, such as
   * limits that depend on the sizes of the corpora.
   *
   * @param corpora two or more corpora
   * @param number number of mixtures, named {@code mix-01} and so on; a larger number only adds
   *     mixtures
   * @param seed seed for drawing the candidates from which mixtures are chosen
   * @throws MixlawException if there are fewer than two corpora, or if there are fewer distinct
   *     mixtures than requested
   */
  public static List<Mixture> spread(List<Corpus> corpora, int number, long seed) {
    return MixtureSpread.over(corpora).mixtures(number, seed);
  }

  private static String percent(double share) {
    double percent = share * 100;
    boolean nearlyWhole =
        Math.abs(percent - Math.rint(percent)) < 0.34; // 33.3 and 66.7 become 33 and 67
    return nearlyWhole ? Long.toString(Math.round(percent)) : Texts.format("%.1f", percent);
  }

  /** Returns the share of the named corpus; empty if this mixture does not contain it. */
  public OptionalDouble shareOf(String corpus) {
    return parts.stream()
        .filter(p -> p.corpus().name().equals(corpus))
        .mapToDouble(Part::share)
        .reduce(Double::sum);
  }

  /** Returns a map from the name of each corpus to its share, in the order of the parts. */
  public Map<String, Double> shares() {
    Map<String, Double> shares = new LinkedHashMap<>();
    for (Part p : parts) {
      shares.merge(p.corpus().name(), p.share(), Double::sum);
    }
    return shares;
  }

  /** Returns the total share of the synthetic corpora. */
  public double syntheticShare() {
    return parts.stream().filter(p -> p.corpus().kind().synthetic()).mapToDouble(Part::share).sum();
  }
}
