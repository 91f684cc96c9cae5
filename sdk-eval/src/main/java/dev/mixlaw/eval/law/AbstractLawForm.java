package dev.mixlaw.eval.law;

import java.util.ArrayList;
import java.util.List;

abstract class AbstractLawForm implements LawForm {
  private final String id;
  private final String formula;
  private final List<Input> inputs;
  private final List<Parameter> parameters;

  AbstractLawForm(String id, String formula, List<Input> inputs, List<Parameter> parameters) {
    this.id = id;
    this.formula = formula;
    this.inputs = List.copyOf(inputs);
    this.parameters = List.copyOf(parameters);
  }

  @Override
  public final String id() {
    return id;
  }

  @Override
  public final String formula() {
    return formula;
  }

  @Override
  public final List<Parameter> parameters() {
    return parameters;
  }

  @Override
  public final List<Input> inputs() {
    return inputs;
  }

  @Override
  public String toString() {
    return formula;
  }

  static List<Input> withShares(List<Input> others, List<String> sources) {
    if (sources.size() < 2 || sources.stream().distinct().count() < sources.size()) {
      throw new IllegalArgumentException(
          "sources " + sources + "; expected at least two sources with different names");
    }
    List<Input> all = new ArrayList<>(others);
    sources.forEach(source -> all.add(Input.share(source)));
    return all;
  }
}
