package dev.mixlaw.eval.mixture;

import java.util.Arrays;

/**
 * From the best amounts of each source at two budgets to those at the next (Kang et al. 2024,
 * "AutoScale", theorem 1).
 *
 * <p>It holds where the loss of a domain falls with the amount of each source by a power law of its
 * own, and only as well as the two amounts were found: their errors are squared and divided.
 */
public final class AutoScale {
  private AutoScale() {}

  /**
   * D3 = D2·D2 / D1 for each source. The budget of the result is its sum, which grows about as from
   * the first to the second; it is not normalised.
   *
   * @param first best tokens of each source at a budget; above 0
   * @param second the same at a larger one
   * @throws IllegalArgumentException if lengths differ, or an amount is not finite and above 0: a
   *     source with none at one budget has no rule
   */
  public static double[] next(double[] first, double[] second) {
    if (first.length != second.length || first.length == 0) {
      throw new IllegalArgumentException(
          first.length + " and " + second.length + " amounts; as many of both needed");
    }
    double[] next = new double[first.length];
    Arrays.setAll(next, j -> amount(second, j) * (second[j] / amount(first, j)));
    return next;
  }

  private static double amount(double[] of, int source) {
    if (!(of[source] > 0) || Double.isInfinite(of[source])) {
      throw new IllegalArgumentException(
          "amount of source " + source + ": " + of[source] + "; needed: finite and above 0");
    }
    return of[source];
  }

  /** Amounts as shares of their sum. */
  public static double[] shares(double[] amounts) {
    double sum = Arrays.stream(amounts).sum();
    double[] shares = new double[amounts.length];
    Arrays.setAll(shares, j -> amount(amounts, j) / sum);
    return shares;
  }
}
