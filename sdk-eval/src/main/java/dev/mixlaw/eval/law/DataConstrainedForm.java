package dev.mixlaw.eval.law;

import java.util.List;

final class DataConstrainedForm extends AbstractLawForm {
  private static final int E = 0;
  private static final int A = 1;
  private static final int B = 2;
  private static final int ALPHA = 3;
  private static final int BETA = 4;
  private static final int RD = 5;
  private static final int RN = 6;

  public DataConstrainedForm() {
    super(
        "data-constrained",
        "L(N,D,U) = E + A·N'^-alpha + B·D'^-beta, D' = U·(1 + RD·(1 - exp(-(D/U - 1)/RD))), N' alike",
        List.of(
            Input.params(2), Input.tokens(2), new Input(Input.UNIQUE, "distinct tokens", true, 2)),
        List.of(
            Parameter.floor("E"),
            new Parameter("A", "loss·parameters^alpha", 1e-12, 1e30, 1, 1e5, true, false),
            new Parameter("B", "loss·tokens^beta", 1e-12, 1e30, 1, 1e6, true, false),
            Parameter.exponent("alpha"),
            Parameter.exponent("beta"),
            new Parameter("RD", "repeats", 1e-3, 1e6, 0.1, 1e4, true, false),
            new Parameter("RN", "repeats", 1e-3, 1e6, 0.1, 1e4, true, false)));
  }

  @Override
  public double[] features(double[] in) {
    double unique = Math.min(in[2], in[1]); // at most the training tokens
    return new double[] {in[0], Math.log(in[0]), in[1], unique, Math.log(unique)};
  }

  @Override
  public double evaluate(double[] p, double[] z, double[] gradient) {
    double alpha = p[ALPHA];
    double beta = p[BETA];
    // ln of the optimal number of parameters for U tokens without repeats
    double sum = alpha + beta;
    double logG = (Math.log(alpha * p[A]) - Math.log(beta * p[B])) / sum;
    double power = beta / alpha;
    double logFill = logG + power * (logG + z[4]);
    boolean excess = logFill < z[1];
    double base = excess ? Math.exp(logFill) : z[0];
    double repeatsN = excess ? z[0] / base - 1 : 0;
    double decayN = Math.exp(-repeatsN / p[RN]);
    double n = base * (1 + p[RN] * (1 - decayN));

    double repeatsD = z[2] / z[3] - 1;
    double decayD = Math.exp(-repeatsD / p[RD]);
    double d = z[3] * (1 + p[RD] * (1 - decayD));

    double powerN = Math.exp(-alpha * Math.log(n));
    double powerD = Math.exp(-beta * Math.log(d));
    double byN = -alpha * p[A] * powerN / n;
    double byD = -beta * p[B] * powerD / d;
    gradient[E] = 1;
    gradient[A] = powerN;
    gradient[B] = powerD;
    gradient[ALPHA] = -p[A] * powerN * Math.log(n);
    gradient[BETA] = -p[B] * powerD * Math.log(d);
    gradient[RD] = byD * z[3] * (1 - decayD - decayD * repeatsD / p[RD]);
    gradient[RN] = byN * base * (1 - decayN - decayN * repeatsN / p[RN]);
    if (excess) {
      double byLogFill = byN * base * (1 + p[RN] * (1 - decayN) - decayN * z[0] / base);
      gradient[A] += byLogFill / (alpha * p[A]);
      gradient[B] -= byLogFill / (alpha * p[B]);
      double gByAlpha = (1 / alpha - logG) / sum;
      double gByBeta = (-1 / beta - logG) / sum;
      gradient[ALPHA] += byLogFill * ((1 + power) * gByAlpha - power / alpha * (logG + z[4]));
      gradient[BETA] += byLogFill * ((1 + power) * gByBeta + (logG + z[4]) / alpha);
    }
    return p[E] + p[A] * powerN + p[B] * powerD;
  }
}
