package dev.mixlaw.eval.law;

import java.util.List;
import java.util.stream.IntStream;

/**
 * A formula for the loss with named parameters, and its gradient.
 *
 * <p>{@link LawForms} provides the forms from the literature. Implement this interface to add
 * another form. Implementations are immutable and safe for use by several threads. All losses are
 * in the unit of the data: nats per token or bits per byte.
 */
public interface LawForm {
  /** Returns a short unique id, such as {@code chinchilla}. */
  String id();

  /** Returns the formula as text, such as {@code L(D) = E + B·D^-beta}. */
  String formula();

  /** Returns the parameters, in the order of all parameter arrays. */
  List<Parameter> parameters();

  /** Returns the inputs, in the order of all input arrays. */
  List<Input> inputs();

  /**
   * Returns the groups of parameters that sum to 1, such as the weights of sources. These
   * parameters are neither negative nor linear, and each group has one free parameter fewer than it
   * has members. Default: none.
   */
  default List<List<String>> simplexes() {
    return List.of();
  }

  /**
   * Computes from the inputs what {@link #evaluate} needs, such as logarithms. This method is
   * called once per point.
   *
   * @param inputs values in the order of {@link #inputs()}
   */
  default double[] features(double[] inputs) {
    return inputs;
  }

  /**
   * Computes the loss and its derivatives.
   *
   * @param parameters values in the order of {@link #parameters()}
   * @param features features of the point, as returned by {@link #features}
   * @param gradient receives the derivative with respect to each parameter, not to its logarithm
   * @return the loss
   */
  double evaluate(double[] parameters, double[] features, double[] gradient);

  /** Returns the loss at a point given by its inputs. */
  default double loss(double[] parameters, double... inputs) {
    return evaluate(parameters, features(inputs), new double[parameters.length]);
  }

  /**
   * Returns the position of a parameter.
   *
   * @throws IllegalArgumentException if there is no parameter of this name
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
                        + "; expected one of "
                        + all.stream().map(Parameter::name).toList()));
  }
}
