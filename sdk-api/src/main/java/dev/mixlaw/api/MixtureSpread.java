package dev.mixlaw.api;

import dev.mixlaw.api.results.Provenance;
import dev.mixlaw.api.results.TextFacts;
import dev.mixlaw.api.units.Tokens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Mixtures of several corpora spread over all shares, to fit losses against shares with few runs.
 *
 * <pre>{@code
 * List<Mixture> tried =
 *     MixtureSpread.over(List.of(web, wiki, code, qa, books))
 *         .beside(natural)
 *         .within(lab.text(study, listener), tokens("200M"), 4)
 *         .mixtures(24, 7);
 * }</pre>
 *
 * <p>The even mixture comes first, then always the one farthest from all before it (Kennard and
 * Stone 1969, "Computer aided design of experiments"), of 4096 drawn from a Dirichlet distribution
 * of concentration 2 and brought within the bounds. So runs lie neither together, as with mixtures
 * drawn at random, nor all at the corners, where every corpus is alone and nothing is learnt of the
 * middle. {@code sdk-eval/BENCHMARKS.md} sets it beside other designs.
 *
 * <p>The same corpora, bounds and seed give the same mixtures, and more of them begin with the
 * fewer: {@code mixtures(40, 7)} goes on where {@code mixtures(24, 7)} ended. Immutable.
 */
public final class MixtureSpread {
  /** Smallest share of a corpus that is not left out, unless {@link #atLeast} says otherwise. */
  public static final double LEAST = 0.02;

  /** Shares are whole percents up to so many corpora, tenths of a percent beyond. */
  private static final int WHOLE_PERCENTS = 25;

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
   * Over all shares of these corpora.
   *
   * @throws MixlawException unless there are two or more, each of a name of its own
   */
  public static MixtureSpread over(List<Corpus> corpora) {
    List<String> names = corpora.stream().map(Corpus::name).toList();
    if (names.size() < 2 || names.stream().distinct().count() < names.size()) {
      throw wrong(
          "corpora to spread mixtures over",
          names.toString(),
          "two or more, each of a name of its own",
          "over");
    }
    return new MixtureSpread(
        List.copyOf(corpora), List.of(), Map.of(), Math.min(LEAST, 0.5 / corpora.size()));
  }

  /** Also far from these, which are run anyway. They need not have all of the corpora. */
  public MixtureSpread beside(Mixture... mixtures) {
    List<Mixture> more = new ArrayList<>(others);
    more.addAll(Arrays.asList(mixtures));
    return new MixtureSpread(corpora, List.copyOf(more), most, least);
  }

  /**
   * No more than this share of a corpus.
   *
   * @throws MixlawException if there is no such corpus or the share is not from 0 to 1
   */
  public MixtureSpread atMost(String corpus, double share) {
    if (corpora.stream().noneMatch(c -> c.name().equals(corpus)) || !(share >= 0 && share <= 1)) {
      throw wrong(
          "largest share of corpus " + corpus,
          Double.toString(share),
          "from 0 to 1, of one of " + corpora.stream().map(Corpus::name).toList(),
          "atMost");
    }
    Map<String, Double> bounds = new LinkedHashMap<>(most);
    bounds.merge(corpus, share, Math::min);
    return new MixtureSpread(corpora, others, bounds, least);
  }

  /**
   * No more of each corpus than there is of it: share · budget &lt;= repeats · tokens, less a
   * hundredth, as runs are made of whole sequences.
   *
   * @param text tokens of each corpus, as {@link Lab#text} and {@link Provenance#corpora} have
   *     them; others are not bounded
   * @param budget the largest of the study
   * @param maxRepeats how often a run may see each token, as {@link Study#maxRepeats()}
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
   * The smallest share of a corpus that is not left out: 0.02, or with more than 25 corpora half an
   * even share. It must be a sequence or more of the study's smallest budget.
   *
   * @throws MixlawException if it is not above 0 and at most an even share
   */
  public MixtureSpread atLeast(double share) {
    if (!(share > 0 && share <= 1.0 / corpora.size())) {
      throw wrong(
          "smallest share",
          Double.toString(share),
          "above 0, at most an even share of " + corpora.size() + " corpora",
          "atLeast");
    }
    return new MixtureSpread(corpora, others, most, share);
  }

  /**
   * So many mixtures, named {@code mix-01}, {@code mix-02} and on. Each corpus has no share or one
   * from the smallest to its largest, in whole percents (with more than 25 corpora, or a smallest
   * share under 1 %, in tenths).
   *
   * @throws MixlawException if no shares meet the bounds, or not so many mixtures do
   */
  public List<Mixture> mixtures(int number, long seed) {
    int cells = corpora.size() > WHOLE_PERCENTS || least < 0.01 ? 1000 : 100;
    int[] high =
        corpora.stream()
            .mapToInt(c -> (int) Math.floor(most.getOrDefault(c.name(), 1.0) * cells + 1e-9))
            .toArray();
    if (Arrays.stream(high).sum() < cells) {
      throw wrong(
          "mixtures within bounds",
          "corpora together hold less than the budget needs: "
              + IntStream.range(0, high.length)
                  .mapToObj(
                      j ->
                          String.format(
                              Locale.ROOT,
                              "%s up to %.1f %%",
                              corpora.get(j).name(),
                              100.0 * high[j] / cells))
                  .collect(Collectors.joining(", ")),
          "largest shares that together are 100 % or more",
          "atMost, or within: more text, more repeats or a smaller budget");
    }
    List<int[]> before = others.stream().map(m -> cells(m, cells)).toList();
    List<int[]> chosen =
        new Apart(cells, (int) Math.ceil(least * cells - 1e-9), high).choose(before, number, seed);
    if (number < 1 || chosen.size() < number) {
      throw wrong(
          "number of mixtures",
          Integer.toString(number),
          "from 1 to " + chosen.size() + ", of which shares within the bounds differ",
          "mixtures");
    }
    return IntStream.range(0, number)
        .mapToObj(i -> mixture(String.format(Locale.ROOT, "mix-%02d", i + 1), chosen.get(i), cells))
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

  private static MixlawException wrong(String what, String actual, String allowed, String setting) {
    return new MixlawException(
        MixlawException.Kind.DESCRIPTION,
        new Problem(what, actual, allowed, "MixtureSpread." + setting));
  }
}
