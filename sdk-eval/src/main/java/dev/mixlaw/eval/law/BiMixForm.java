package dev.mixlaw.eval.law;

import java.util.List;

/** A data law times a power of the domain's own share. */
final class BiMixForm extends AbstractLawForm {
  public BiMixForm(String source) {
    super(
        "bimix",
        "L(D,r) = (A·D^-a + C)·r^-b, r the share of " + source,
        List.of(
            Input.tokens(4),
            new Input(Input.share(source).name(), "share of training tokens", true, 3)),
        List.of(
            Parameter.coefficient("A", "loss·tokens^a"),
            Parameter.floor("C"),
            Parameter.exponent("a"),
            Parameter.exponent("b")));
  }

  @Override
  public double[] features(double[] in) {
    return new double[] {Math.log(in[0]), Math.log(in[1])};
  }

  @Override
  public double evaluate(double[] p, double[] z, double[] gradient) {
    double byShare = Math.exp(-p[3] * z[1]);
    double byTokens = Math.exp(-p[2] * z[0]) * byShare;
    double loss = p[0] * byTokens + p[1] * byShare;
    gradient[0] = byTokens;
    gradient[1] = byShare;
    gradient[2] = -p[0] * byTokens * z[0];
    gradient[3] = -loss * z[1];
    return loss;
  }
}
