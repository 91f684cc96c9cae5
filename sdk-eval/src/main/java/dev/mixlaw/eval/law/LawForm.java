package dev.mixlaw.eval.law;

import java.util.List;
import java.util.stream.IntStream;

/**
 * A formula for the loss with named parameters and a gradient.
 *
 * <p>{@link LawForms} provides forms from the literature. Applications can implement this interface
 * to add a form. Implementations must be immutable and thread-safe. Losses are in the unit of the
 * data, which is nats per token or bits per byte.
 */
public interface LawForm {
  /** Returns the unique short id of this form, such as {@code chinchilla}. */
  String id();

  /** Returns the formula as text, such as {@code L(D) = E + B·D^-beta}. */
  String formula();

  /** Returns the parameters, in the order of all parameter arrays. */
  List<Parameter> parameters();

  /** Returns the inputs, in the order of all input arrays. */
  List<Input> inputs();

  /**
   * Returns the groups of parameters that sum to 1, such as the weights of sources. The parameters
   * must be non-negative and nonlinear. A group of n parameters has n - 1 free parameters. Default:
   * none.
   */
  default List<List<String>> simplexes() {
    return List.of();
  }

  /**
   * Converts the inputs of a point to the features that {@link #evaluate} needs, such as
   * logarithms. The solver calls this method once per point.
   *
   * @param inputs values in the order of {@link #inputs()}
   */
  default double[] features(double[] inputs) {
    return inputs;
  }

  /**
   * Computes the loss at a point and its derivatives with respect to the parameters.
   *
   * @param parameters values in the order of {@link #parameters()}
   * @param features features of the point, as returned by {@link #features}
   * @param gradient array that receives the derivative with respect to each parameter, not to its
   *     logarithm
   */
  double evaluate(double[] parameters, double[] features, double[] gradient);

  /** Returns the loss at a point. The values are in the order of the parameters and inputs. */
  default double loss(double[] parameters, double... inputs) {
    return evaluate(parameters, features(inputs), new double[parameters.length]);
  }

  /**
   * Returns the index of a parameter in {@link #parameters()}.
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
                    "law %s has no parameter %s; expected one of %s"
                        .formatted(id(), parameter, all.stream().map(Parameter::name).toList())));
  }
}
