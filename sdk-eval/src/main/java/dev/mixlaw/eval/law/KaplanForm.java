package dev.mixlaw.eval.law;

import java.util.List;

final class KaplanForm extends AbstractLawForm {
  public KaplanForm() {
    super(
        "kaplan",
        "L(N,D) = ((Nc/N)^(alphaN/alphaD) + Dc/D)^alphaD",
        List.of(Input.params(3), Input.tokens(3)),
        List.of(
            new Parameter("Nc", "parameters", 1e-3, 1e40, 1e9, 1e18, true, false),
            new Parameter("Dc", "tokens", 1e-3, 1e40, 1e9, 1e18, true, false),
            new Parameter("alphaN", "", 1e-4, 10, 0.02, 0.8, true, false),
            new Parameter("alphaD", "", 1e-4, 10, 0.02, 0.8, true, false)));
  }

  @Override
  public double[] features(double[] in) {
    return new double[] {Math.log(in[0]), Math.log(in[1])};
  }

  @Override
  public double evaluate(double[] p, double[] z, double[] gradient) {
    double over = Math.log(p[0]) - z[0];
    double ratio = p[2] / p[3];
    double model = Math.exp(ratio * over);
    double data = p[1] * Math.exp(-z[1]);
    double sum = model + data;
    double logSum = Math.log(sum);
    double loss = Math.exp(p[3] * logSum);
    double bySum = p[3] * loss / sum;
    gradient[0] = bySum * ratio * model / p[0];
    gradient[1] = bySum * data / p[1];
    gradient[2] = bySum * model * over / p[3];
    gradient[3] = loss * logSum - bySum * model * over * ratio / p[3];
    return loss;
  }
}
