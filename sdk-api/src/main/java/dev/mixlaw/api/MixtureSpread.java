package dev.mixlaw.api;

import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.api.results.Provenance;
import dev.mixlaw.api.results.TextFacts;
import dev.mixlaw.api.units.Tokens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A design of experiments: a set of mixtures that are spread over all possible shares of several
 * corpora. A few runs with these mixtures are enough to fit the loss as a function of the shares.
 *
 * <pre>{@code
 * List<Mixture> tried =
 *     MixtureSpread.over(List.of(web, wiki, code, qa, books))
 *         .beside(natural)
 *         .within(lab.text(study, listener), tokens("200M"), 4)
 *         .mixtures(24, 7);
 * }</pre>
 *
 * <p>The first mixture has equal shares. Each later mixture is the one, among 4096 candidates, that
 * is farthest from all mixtures before it (Kennard and Stone 1969, "Computer aided design of
 * experiments"). Candidates are drawn from a Dirichlet distribution of concentration 2 and moved
 * within the bounds. The chosen mixtures do not cluster, in contrast to random mixtures. The
 * interior is also explored, because not all mixtures are at the corners. {@code
 * sdk-eval/BENCHMARKS.md} compares other designs.
 *
 * <p>The same corpora, bounds and seed give the same mixtures. A larger number only adds mixtures:
 * {@code mixtures(40, 7)} begins with the result of {@code mixtures(24, 7)}. Designs are immutable;
 * every setter returns a copy.
 */
public final class MixtureSpread {
  /** Default of {@link #atLeast}, the smallest nonzero share of a corpus. */
  public static final double LEAST = 0.02;

  /** Largest number of corpora for which shares are rounded to whole percents. */
  private static final int MOST_CORPORA_IN_PERCENT = 25;

  private final List<Corpus> corpora;
  private final List<Mixture> others;
  private final Map<String, Double> most;
  private final double least;

  private MixtureSpread(
      List<Corpus> corpora, List<Mixture> others, Map<String, Double> most, double least) {
    this.corpora = corpora;
    this.others = others;
    this.most = most;
    this.least = least;
  }

  /**
   * Returns a design over all possible shares of the given corpora.
   *
   * @param corpora two or more corpora with different names
   * @throws MixlawException if there are fewer than two corpora, or two have the same name
   */
  public static MixtureSpread over(List<Corpus> corpora) {
    List<String> names = corpora.stream().map(Corpus::name).toList();
    if (names.size() < 2 || names.stream().distinct().count() < names.size()) {
      throw MixlawException.description(
          "corpora to spread mixtures over",
          names.toString(),
          "two or more with different names",
          "change MixtureSpread.over");
    }
    return new MixtureSpread(
        List.copyOf(corpora), List.of(), Map.of(), Math.min(LEAST, 0.5 / corpora.size()));
  }

  /**
   * Adds existing mixtures, so that the new mixtures are also far from them. An existing mixture
   * need not contain all corpora.
   */
  public MixtureSpread beside(Mixture... mixtures) {
    List<Mixture> more = new ArrayList<>(others);
    more.addAll(Arrays.asList(mixtures));
    return new MixtureSpread(corpora, List.copyOf(more), most, least);
  }

  /**
   * Limits the share of a corpus.
   *
   * @param corpus name of one of the corpora
   * @param share largest share, from 0 to 1
   * @throws MixlawException if there is no such corpus, or if the share is below 0 or above 1
   */
  public MixtureSpread atMost(String corpus, double share) {
    if (corpora.stream().noneMatch(c -> c.name().equals(corpus)) || !(share >= 0 && share <= 1)) {
      throw MixlawException.description(
          "largest share of corpus " + corpus,
          Double.toString(share),
          "from 0 to 1, for one of " + corpora.stream().map(Corpus::name).toList(),
          "change MixtureSpread.atMost");
    }
    Map<String, Double> bounds = new LinkedHashMap<>(most);
    bounds.merge(corpus, share, Math::min);
    return new MixtureSpread(corpora, others, bounds, least);
  }

  /**
   * Limits the share of each corpus by its number of tokens, so that share · budget &lt;= 0.99 ·
   * maxRepeats · tokens. The factor 0.99 leaves a reserve, because runs consist of whole sequences.
   *
   * @param text sizes of the corpora, as returned by {@link Lab#text} and {@link
   *     Provenance#corpora}; corpora that are not in the list are not limited
   * @param budget the largest budget of the study
   * @param maxRepeats how often a run may see each token, as in {@link Study#maxRepeats()}
   */
  public MixtureSpread within(List<TextFacts> text, Tokens budget, double maxRepeats) {
    MixtureSpread bounded = this;
    for (TextFacts facts : text) {
      if (corpora.stream().anyMatch(c -> c.name().equals(facts.name()))) {
        double share = 0.99 * maxRepeats * facts.tokens() / budget.count();
        bounded = bounded.atMost(facts.name(), Math.min(1, share));
      }
    }
    return bounded;
  }

  /**
   * Sets the smallest nonzero share of a corpus. The share must amount to at least one sequence in
   * the smallest budget of the study.
   *
   * @param share smallest nonzero share, above 0 and at most 1 divided by the number of corpora; by
   *     default 0.02, or half of that maximum if it is smaller
   * @throws MixlawException if the share is out of this range
   */
  public MixtureSpread atLeast(double share) {
    if (!(share > 0 && share <= 1.0 / corpora.size())) {
      throw MixlawException.description(
          "smallest share",
          Double.toString(share),
          "above 0, at most an even share of " + corpora.size() + " corpora",
          "change MixtureSpread.atLeast");
    }
    return new MixtureSpread(corpora, others, most, share);
  }

  /**
   * Returns mixtures named {@code mix-01}, {@code mix-02} and so on. Shares are rounded to whole
   * percents, or to tenths of a percent if there are more than 25 corpora or if the smallest
   * nonzero share is below 1 %.
   *
   * @param number number of mixtures, at least 1
   * @param seed seed for drawing the candidates
   * @throws MixlawException if no shares satisfy the bounds, or if there are fewer distinct
   *     mixtures within the bounds than requested
   */
  public List<Mixture> mixtures(int number, long seed) {
    int cells = corpora.size() > MOST_CORPORA_IN_PERCENT || least < 0.01 ? 1000 : 100;
    int[] high =
        corpora.stream()
            .mapToInt(c -> (int) Math.floor(most.getOrDefault(c.name(), 1.0) * cells + 1e-9))
            .toArray();
    if (Arrays.stream(high).sum() < cells) {
      throw MixlawException.description(
          "mixtures within bounds",
          "all corpora together have less text than the budget needs: "
              + IntStream.range(0, high.length)
                  .mapToObj(
                      j ->
                          Texts.format(
                              "%s up to %.1f %%", corpora.get(j).name(), 100.0 * high[j] / cells))
                  .collect(Collectors.joining(", ")),
          "largest shares that sum to at least 100 %",
          "raise MixtureSpread.atMost, or call MixtureSpread.within with more text, more repeats or a smaller budget");
    }
    List<int[]> before = others.stream().map(m -> cells(m, cells)).toList();
    List<int[]> chosen =
        new FarthestPointDesign(cells, (int) Math.ceil(least * cells - 1e-9), high)
            .choose(before, number, seed);
    if (number < 1 || chosen.size() < number) {
      throw MixlawException.description(
          "number of mixtures",
          Integer.toString(number),
          "from 1 to " + chosen.size() + ", the number of distinct mixtures within the bounds",
          "change MixtureSpread.mixtures");
    }
    return IntStream.range(0, number)
        .mapToObj(i -> mixture(Texts.format("mix-%02d", i + 1), chosen.get(i), cells))
        .toList();
  }

  private int[] cells(Mixture mixture, int all) {
    return corpora.stream()
        .mapToInt(c -> (int) Math.round(mixture.shareOf(c.name()).orElse(0) * all))
        .toArray();
  }

  private Mixture mixture(String name, int[] shares, int all) {
    Mixture mixture = Mixture.named(name);
    for (int j = 0; j < shares.length; j++) {
      if (shares[j] > 0) {
        mixture = mixture.with(corpora.get(j), (double) shares[j] / all);
      }
    }
    return mixture;
  }
}
