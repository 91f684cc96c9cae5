package dev.mixlaw.api.results;

import dev.mixlaw.api.units.Params;
import dev.mixlaw.api.units.Tokens;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Which share of a corpus gives the lowest loss at a model size and budget.
 *
 * @param corpus whose share varies
 * @param domain name, or {@value FittedLaw#MACRO}
 * @param params N
 * @param tokens D
 * @param share of training tokens with the lowest loss
 * @param interval bootstrap interval of {@code share}
 * @param asGood smallest and largest share whose loss the noise cannot tell from the best
 * @param lossByShare nats per token at each share that was compared, or some of them
 * @param basis whether losses were measured at this very point or follow from laws
 */
public record BestShare(
    String corpus,
    String domain,
    Params params,
    Tokens tokens,
    double share,
    Interval interval,
    Interval asGood,
    Map<Double, Estimate> lossByShare,
    Basis basis) {

  public BestShare {
    Objects.requireNonNull(corpus, "corpus");
    Objects.requireNonNull(domain, "domain");
    lossByShare = java.util.Collections.unmodifiableMap(new java.util.TreeMap<>(lossByShare));
  }

  /** What a statement rests on. */
  public enum Basis {
    /** Losses measured at this very point. */
    MEASURED,
    /** Each mixture's own law. */
    FITTED,
    /** One law of all shares: shares that were not run are compared too. */
    SHARE_LAW
  }

  @Override
  public String toString() {
    String grid = basis == Basis.SHARE_LAW ? "" : " of the grid";
    String others =
        asGood.low() == asGood.high()
            ? "no other share" + grid + " is as good"
            : String.format(
                Locale.ROOT,
                "any share%s from %.0f to %.0f %% is as good",
                grid,
                100 * asGood.low(),
                100 * asGood.high());
    return String.format(
        Locale.ROOT,
        "best share of %s at N=%s, D=%s: %.0f %% (%s; %s)",
        corpus,
        params,
        tokens,
        100 * share,
        switch (basis) {
          case MEASURED -> "measured";
          case FITTED -> "fitted";
          case SHARE_LAW -> "by a law of shares";
        },
        others);
  }
}
