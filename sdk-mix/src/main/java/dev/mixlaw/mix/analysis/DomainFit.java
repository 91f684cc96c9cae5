package dev.mixlaw.mix.analysis;

/**
 * The distance between a domain and training text, by their words.
 *
 * <p>With p the domain's relative frequencies and q those of the training text:
 *
 * <ul>
 *   <li>KL is the divergence of the domain from the training text, <i>sum p ln(p / q')</i> in nats,
 *       smoothed as the skew divergence (Lee 1999): <i>q' = (1 - {@value #SKEW}) q + {@value #SKEW}
 *       p</i>. A word that never occurs in training text costs {@code ln 1000 = 6.9} nats, no
 *       vocabulary is assumed, and KL(p ‖ p) is 0.
 *   <li>JS is the Jensen–Shannon divergence with base e, without smoothing: from 0 to ln 2.
 *   <li>Coverage is the part of the domain's types, and of its words (tokens), that occur anywhere
 *       in the training text. It grows with the size of the training text. Coverage at equal size
 *       is expected for a number of words drawn independently from q: <i>sum p (1 - exp(-n q))</i>.
 *       It compares corpora of different sizes.
 * </ul>
 *
 * @param kl KL divergence, nats
 * @param js Jensen–Shannon divergence, nats
 * @param coverageTypes 0 to 1
 * @param coverageTokens 0 to 1
 * @param equalWords n, number of words of training text for the two values that follow
 * @param coverageTypesAtEqualSize 0 to 1
 * @param coverageTokensAtEqualSize 0 to 1
 */
public record DomainFit(
    double kl,
    double js,
    double coverageTypes,
    double coverageTokens,
    long equalWords,
    double coverageTypesAtEqualSize,
    double coverageTokensAtEqualSize) {
  /** The domain's part in the smoothed training distribution. */
  public static final double SKEW = 0.001;

  /**
   * Compares a domain with training text.
   *
   * @param equalWords number of words for coverage at equal size, at least 1
   * @throws IllegalArgumentException if {@code equalWords} is less than 1 or the domain has no
   *     words
   */
  public static DomainFit of(TermCounts domain, Distribution training, long equalWords) {
    if (equalWords < 1) {
      throw new IllegalArgumentException("equalWords: " + equalWords + "; expected 1 or more");
    }
    Sums sums = new Sums(equalWords);
    try (Distribution.Reading p = Distribution.of(domain).read();
        Distribution.Reading q = training.read()) {
      boolean inP = p.next();
      boolean inQ = q.next();
      while (inP || inQ) {
        if (inP && (!inQ || p.term() < q.term())) {
          sums.add(p.probability(), 0);
          inP = p.next();
        } else if (inQ && (!inP || q.term() < p.term())) {
          sums.add(0, q.probability());
          inQ = q.next();
        } else {
          sums.add(p.probability(), q.probability());
          inP = p.next();
          inQ = q.next();
        }
      }
    }
    return sums.fit();
  }

  private static final class Sums {
    private final long words;
    private double kl;
    private double js;
    private long types;
    private long coveredTypes;
    private double coveredTokens;
    private double expectedTypes;
    private double expectedTokens;

    Sums(long words) {
      this.words = words;
    }

    void add(double p, double q) {
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
        double met = -Math.expm1(-words * q);
        expectedTypes += met;
        expectedTokens += p * met;
      }
    }

    DomainFit fit() {
      return new DomainFit(
          Math.max(0, kl),
          Math.max(0, Math.min(Math.log(2), js)),
          (double) coveredTypes / types,
          Math.min(1, coveredTokens),
          words,
          expectedTypes / types,
          Math.min(1, expectedTokens));
    }
  }
}
