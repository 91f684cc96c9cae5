package dev.mixlaw.api.results;

import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.api.units.Params;
import dev.mixlaw.api.units.Tokens;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * The share of a corpus that has the lowest loss at a model size and budget.
 *
 * @param corpus corpus whose share varies
 * @param domain name of the domain, or {@value FittedLaw#MACRO}
 * @param params number of parameters, N
 * @param tokens number of training tokens, D
 * @param share share of training tokens with the lowest loss
 * @param interval bootstrap confidence interval of {@code share}
 * @param asGood range of shares whose loss is not significantly higher than the lowest loss
 * @param lossByShare map from some or all of the compared shares to their loss in nats per token
 * @param basis whether the losses were measured or predicted
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

  /** Copies the map. */
  public BestShare {
    lossByShare = Collections.unmodifiableMap(new TreeMap<>(lossByShare));
  }

  /** The origin of the losses that are compared. */
  public enum Basis {
    /** The losses were measured at this model size and budget. */
    MEASURED,
    /** The losses are predictions. Each mixture has its own law. */
    FITTED,
    /**
     * The losses are predictions of a single law over all shares, including shares that were not
     * run.
     */
    SHARE_LAW
  }

  @Override
  public String toString() {
    String grid = basis == Basis.SHARE_LAW ? "" : " of the grid";
    String others =
        asGood.low() == asGood.high()
            ? "every other share" + grid + " is significantly worse"
            : Texts.format(
                "no share%s from %.0f to %.0f %% is significantly worse",
                grid, 100 * asGood.low(), 100 * asGood.high());
    return Texts.format(
        "best share of %s at N=%s, D=%s: %.0f %% (%s; %s)",
        corpus,
        params,
        tokens,
        100 * share,
        switch (basis) {
          case MEASURED -> "measured";
          case FITTED -> "fitted";
          case SHARE_LAW -> "from a law over shares";
        },
        others);
  }
}
