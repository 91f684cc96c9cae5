package dev.mixlaw.eval.law;

import java.util.ArrayList;
import java.util.List;

final class MixingForm extends AbstractLawForm {
  private final int sources;

  public MixingForm(List<String> sources) {
    super(
        "mixing",
        "L(r) = c + k·exp(sum_j t_j·r_j), t of " + sources.get(sources.size() - 1) + " = 0",
        withShares(List.of(), sources),
        parameters(sources));
    this.sources = sources.size();
  }

  private static List<Parameter> parameters(List<String> sources) {
    List<Parameter> all = new ArrayList<>();
    all.add(Parameter.floor("c"));
    all.add(Parameter.coefficient("k", "loss"));
    for (String source : sources.subList(0, sources.size() - 1)) {
      all.add(Parameter.signed("t_" + source, 3));
    }
    return all;
  }

  @Override
  public double evaluate(double[] p, double[] r, double[] gradient) {
    double exponent = 0;
    for (int j = 0; j < sources - 1; j++) {
      exponent += p[2 + j] * r[j];
    }
    double basis = Math.exp(exponent);
    gradient[0] = 1;
    gradient[1] = basis;
    for (int j = 0; j < sources - 1; j++) {
      gradient[2 + j] = p[1] * basis * r[j];
    }
    return p[0] + p[1] * basis;
  }
}
