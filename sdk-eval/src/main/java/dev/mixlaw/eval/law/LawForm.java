package dev.mixlaw.eval.law;

import java.util.List;
import java.util.stream.IntStream;

/**
 * A formula for the loss with named parameters, and its gradient.
 *
 * <p>{@link LawForms} has those of the literature; implement this to add one. Implementations are
 * values without state, safe for use by several threads. All losses are in one unit, nats per token
 * or bits per byte: the one of the data.
 */
public interface LawForm {
  /** Short and unique, such as {@code chinchilla}. */
  String id();

  /** For people, such as {@code L(D) = E + B·D^-beta}. */
  String formula();

  /** In the order of all parameter arrays. */
  List<Parameter> parameters();

  /** In the order of all input arrays. */
  List<Input> inputs();

  /**
   * What evaluation needs of a point, computed once a point: logarithms, say.
   *
   * @param inputs in the order of {@link #inputs()}
   */
  default double[] features(double[] inputs) {
    return inputs;
  }

  /**
   * The loss and its derivatives.
   *
   * @param parameters in the order of {@link #parameters()}
   * @param features as {@link #features} made them
   * @param gradient receives the derivative by each parameter itself (not its logarithm)
   * @return the loss
   */
  double evaluate(double[] parameters, double[] features, double[] gradient);

  /** The loss at a point given by its inputs. */
  default double loss(double[] parameters, double... inputs) {
    return evaluate(parameters, features(inputs), new double[parameters.length]);
  }

  /**
   * Position of a parameter.
   *
   * @throws IllegalArgumentException if there is none of the name
   */
  default int indexOf(String parameter) {
    List<Parameter> all = parameters();
    return IntStream.range(0, all.size())
        .filter(i -> all.get(i).name().equals(parameter))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "law "
                        + id()
                        + " has no parameter "
                        + parameter
                        + "; it has "
                        + all.stream().map(Parameter::name).toList()));
  }
}
