package dev.mixlaw.eval.analysis;

import dev.mixlaw.eval.law.LawFit;
import java.util.Arrays;
import java.util.List;

/**
 * The law of a mixture over tokens at one model size, L(D) = E + B·D^-beta, with its draws. It is
 * either a data law, or a Chinchilla law whose term in N is added to E.
 *
 * @param floor E, the loss in the limit of infinitely many tokens
 * @param scale B, the factor of the power of D
 * @param exponent beta, the exponent of D
 */
@SuppressWarnings("ArrayRecordComponent") // internal, never compared
record FittedCurve(
    double floor,
    double scale,
    double exponent,
    double[] floors,
    double[] scales,
    double[] exponents,
    List<String> warnings) {
  private static FittedCurve of(double floor, double[] floors, String mixture, LawFit fit) {
    return new FittedCurve(
        floor,
        fit.value("B"),
        fit.value("beta"),
        floors,
        fit.draws("B"),
        fit.draws("beta"),
        Texts.fitWarnings(mixture, fit));
  }

  static FittedCurve ofData(String mixture, LawFit fit) {
    return of(fit.value("E"), fit.draws("E"), mixture, fit);
  }

  static FittedCurve ofChinchilla(String mixture, LawFit fit, double params) {
    double[] a = fit.draws("A");
    double[] alpha = fit.draws("alpha");
    double[] e = fit.draws("E");
    Arrays.setAll(e, r -> e[r] + a[r] * Math.pow(params, -alpha[r]));
    double floor = fit.value("E") + fit.value("A") * Math.pow(params, -fit.value("alpha"));
    return of(floor, e, mixture, fit);
  }

  double loss(double tokens) {
    return loss(floor, scale, exponent, tokens);
  }

  static double loss(double floor, double scale, double exponent, double tokens) {
    return floor + scale * Math.pow(tokens, -exponent);
  }

  double[] lossDraws(double tokens) {
    double[] losses = new double[floors.length];
    Arrays.setAll(losses, r -> loss(floors[r], scales[r], exponents[r], tokens));
    return losses;
  }

  /** Returns the tokens at which the law reaches a loss; infinite if the loss is not above E. */
  double tokensFor(double loss) {
    return tokensFor(loss, floor, scale, exponent);
  }

  double[] tokensForDraws(double[] losses) {
    double[] tokens = new double[losses.length];
    Arrays.setAll(tokens, r -> tokensFor(losses[r], floors[r], scales[r], exponents[r]));
    return tokens;
  }

  private static double tokensFor(double loss, double floor, double scale, double exponent) {
    return loss > floor
        ? Math.max(1, Math.pow(scale / (loss - floor), 1 / exponent))
        : Double.POSITIVE_INFINITY;
  }
}
