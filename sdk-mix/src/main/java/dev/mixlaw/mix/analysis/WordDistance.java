package dev.mixlaw.mix.analysis;

import dev.mixlaw.api.results.WordComparison;

/**
 * Measures of the distance between the words of a domain and those of training text.
 *
 * <p>The relative frequency of a word is p in the domain and q in the training text.
 *
 * <ul>
 *   <li>KL is the divergence of the domain from the training text, <i>sum p ln(p / q')</i> in nats,
 *       where <i>q' = (1 - {@value #SKEW}) q + {@value #SKEW} p</i> (skew divergence, Lee 1999).
 *       For a word that never occurs in training text, the term is {@code p ln 1000}, or 6.9 p
 *       nats.
 *   <li>JS is the Jensen–Shannon divergence in nats, from 0 to ln 2, without smoothing.
 *   <li>Coverage is the fraction of the domain's types, or of its words (tokens), that occur in the
 *       training text. Coverage grows with the size of the training text.
 *   <li>Seen words are the expected fraction of the domain's words that occur among n words drawn
 *       independently from q: <i>sum p (1 - exp(-n q))</i>. For equal n, texts of different sizes
 *       can be compared.
 * </ul>
 */
public final class WordDistance {
  public static final double SKEW = 0.001;

  private final long words;
  private double kl;
  private double js;
  private long types;
  private long coveredTypes;
  private double coveredTokens;
  private double seenTypes;
  private double seenTokens;

  private WordDistance(long words) {
    this.words = words;
  }

  /** Compares the words of a domain with {@code words} words drawn from training text. */
  public static WordComparison.Fit of(
      String text, Distribution q, String domain, TermCounts p, long words) {
    if (words < 1) {
      throw new IllegalArgumentException("words: " + words + "; expected 1 or more");
    }
    WordDistance fit = new WordDistance(words);
    try (MergingCursor inDomain = Distribution.of(p).cursor();
        MergingCursor inText = q.cursor()) {
      boolean moreP = inDomain.next();
      boolean moreQ = inText.next();
      while (moreP || moreQ) {
        boolean ofP = moreP && (!moreQ || inDomain.term() <= inText.term());
        boolean ofQ = moreQ && (!moreP || inText.term() <= inDomain.term());
        fit.add(ofP ? inDomain.weighted() : 0, ofQ ? inText.weighted() : 0);
        moreP = ofP ? inDomain.next() : moreP;
        moreQ = ofQ ? inText.next() : moreQ;
      }
    }
    return new WordComparison.Fit(
        text,
        domain,
        Math.max(0, fit.kl),
        Math.max(0, Math.min(Math.log(2), fit.js)),
        (double) fit.coveredTypes / fit.types,
        Math.min(1, fit.coveredTokens),
        fit.seenTypes / fit.types,
        Math.min(1, fit.seenTokens));
  }

  private void add(double p, double q) {
    double middle = (p + q) / 2;
    if (q > 0) {
      js += q * Math.log(q / middle) / 2;
    }
    if (p == 0) {
      return;
    }
    js += p * Math.log(p / middle) / 2;
    kl -= p * Math.log((1 - SKEW) * (q / p) + SKEW);
    types++;
    if (q > 0) {
      coveredTypes++;
      coveredTokens += p;
      double seen = -Math.expm1(-words * q);
      seenTypes += seen;
      seenTokens += p * seen;
    }
  }
}
