package dev.mixlaw.eval.law;

import java.util.List;

final class RectifiedForm extends AbstractLawForm {
  public RectifiedForm() {
    super(
        "rectified",
        "L(D) = E + B/(Dl + D^beta)",
        List.of(Input.tokens(5)),
        List.of(
            Parameter.floor("E"),
            Parameter.coefficient("B", "loss·tokens^beta"),
            Parameter.positive("Dl", "tokens^beta", 1e-1, 1e6),
            Parameter.exponent("beta")));
  }

  @Override
  public double[] features(double[] in) {
    return new double[] {Math.log(in[0])};
  }

  @Override
  public double evaluate(double[] p, double[] z, double[] gradient) {
    double power = Math.exp(p[3] * z[0]);
    double basis = 1 / (p[2] + power);
    double term = p[1] * basis;
    gradient[0] = 1;
    gradient[1] = basis;
    gradient[2] = -term * basis;
    gradient[3] = -term * basis * power * z[0];
    return p[0] + term;
  }
}
