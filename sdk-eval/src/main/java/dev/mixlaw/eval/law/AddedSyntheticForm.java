package dev.mixlaw.eval.law;

import java.util.List;

/**
 * The law for synthetic tokens that are added to a fixed number of human tokens. Their benefit
 * decreases and can turn into harm.
 */
final class AddedSyntheticForm extends AbstractLawForm {
  private static final int ALPHA = 3;
  private static final int BETA = 4;
  private static final int ETA = 5;
  private static final int K = 6;
  private static final int RHO = 7;
  private static final int GAMMA = 8;
  private static final int U = 9;
  private static final int V = 10;

  public AddedSyntheticForm() {
    super(
        "added-synthetic",
        "L = E + A·N^-alpha + B·Deff^-beta·(1+H), Deff = D_human·(1 + eta·R·(1-exp(-r/R))), R = K·t^rho, t = D_human/(20N), r = D_synthetic/D_human, H = gamma·t^u·(N/1e8)^v·(ln(1+r) - r/(1+r))",
        List.of(
            Input.params(4),
            new Input(Input.HUMAN, "human tokens", true, 4),
            new Input(Input.SYNTHETIC, "synthetic tokens", false, 4)),
        List.of(
            Parameter.floor("E"),
            Parameter.coefficient("A", "loss·parameters^alpha"),
            Parameter.coefficient("B", "loss·tokens^beta"),
            Parameter.exponent("alpha"),
            Parameter.exponent("beta"),
            Parameter.positive("eta", "", 0.05, 2),
            Parameter.positive("K", "", 0.1, 20),
            Parameter.signed("rho", 1),
            Parameter.positive("gamma", "", 1e-3, 1),
            Parameter.signed("u", 1),
            Parameter.signed("v", 1)));
  }

  @Override
  public double[] features(double[] in) {
    double r = in[2] / in[1];
    return new double[] {
      Math.log(in[0]),
      Math.log(in[1]),
      Math.log(in[1] / (20 * in[0])),
      Math.log(in[0] / 1e8),
      r,
      Math.log1p(r) - r / (1 + r)
    };
  }

  @Override
  public double evaluate(double[] p, double[] z, double[] gradient) {
    double r = z[4];
    double reach = p[K] * Math.exp(p[RHO] * z[2]);
    double decay = Math.exp(-r / reach);
    double gain = reach * (1 - decay);
    double worth = 1 + p[ETA] * gain;
    double powerN = Math.exp(-p[ALPHA] * z[0]);
    double logD = z[1] + Math.log(worth);
    double powerD = Math.exp(-p[BETA] * logD);
    double harm0 = Math.exp(p[U] * z[2] + p[V] * z[3]) * z[5];
    double harm = p[GAMMA] * harm0;
    double term = p[2] * powerD * (1 + harm);
    gradient[0] = 1;
    gradient[1] = powerN;
    gradient[2] = powerD * (1 + harm);
    gradient[ALPHA] = -p[1] * powerN * z[0];
    gradient[BETA] = -term * logD;
    double byGain = -p[BETA] * term * p[ETA] / worth;
    gradient[ETA] = -p[BETA] * term * gain / worth;
    double byReach = byGain * (1 - decay - decay * r / reach);
    gradient[K] = byReach * reach / p[K];
    gradient[RHO] = byReach * reach * z[2];
    gradient[GAMMA] = p[2] * powerD * harm0;
    gradient[U] = p[2] * powerD * harm * z[2];
    gradient[V] = p[2] * powerD * harm * z[3];
    return p[0] + p[1] * powerN + term;
  }
}
