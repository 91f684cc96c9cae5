package dev.mixlaw.testkit;

import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.testkit.support.ReferenceDecoder;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * AdamW as defined in its paper (Loshchilov and Hutter 2019, algorithm 2), with the gradients of
 * {@link ReferenceDecoder}.
 */
final class AdamWReference {
  private final SessionSpec spec;
  private final Map<String, double[]> weights;
  private final Map<String, double[]> means = new LinkedHashMap<>();
  private final Map<String, double[]> squares = new LinkedHashMap<>();
  private int steps;
  private double norm;

  AdamWReference(SessionSpec spec, Map<String, double[]> weights) {
    this.spec = spec;
    this.weights = weights;
    weights.forEach(
        (name, values) -> {
          means.put(name, new double[values.length]);
          squares.put(name, new double[values.length]);
        });
  }

  Map<String, double[]> weights() {
    return weights;
  }

  /** Returns the norm of all gradients in the last step, before clipping. */
  double norm() {
    return norm;
  }

  /** Trains on a batch and returns its loss. */
  double step(int[] ids, double rate) {
    ReferenceDecoder.Result result =
        new ReferenceDecoder(spec.model(), spec.vocabulary(), weights)
            .run(ids, spec.model().context());
    Recipe recipe = spec.recipe();
    steps++;
    double squaresOfAll = 0;
    for (double[] gradient : result.gradients().values()) {
      for (double g : gradient) {
        squaresOfAll += g * g;
      }
    }
    norm = Math.sqrt(squaresOfAll);
    double clip = Math.min(1, recipe.clipNorm() / norm);
    result
        .gradients()
        .forEach(
            (name, gradient) -> {
              boolean exempt = name.contains("norm") || name.contains("embed");
              double decay = exempt ? 0 : recipe.weightDecay();
              double[] w = weights.get(name);
              double[] m = means.get(name);
              double[] v = squares.get(name);
              for (int i = 0; i < w.length; i++) {
                double g = clip * gradient[i];
                m[i] = recipe.beta1() * m[i] + (1 - recipe.beta1()) * g;
                v[i] = recipe.beta2() * v[i] + (1 - recipe.beta2()) * g * g;
                double mHat = m[i] / (1 - Math.pow(recipe.beta1(), steps));
                double vHat = v[i] / (1 - Math.pow(recipe.beta2(), steps));
                w[i] -= rate * (mHat / (Math.sqrt(vHat) + recipe.epsilon()) + decay * w[i]);
              }
            });
    return result.loss();
  }
}
