package dev.mixlaw.eval.mixture;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;

/** The weighted average of the losses of several domains, for the fit and for every refit. */
final class WeightedLoss {
  private final List<MixtureFit> fits = new ArrayList<>();
  private final double[] weights;
  private final TrainingScale scale;

  WeightedLoss(List<MixtureFit> fits, Map<String, Double> weights, TrainingScale scale) {
    fits.stream().filter(f -> weights.getOrDefault(f.domain(), 0.0) > 0).forEach(this.fits::add);
    this.weights = this.fits.stream().mapToDouble(f -> weights.get(f.domain())).toArray();
    this.scale = scale;
  }

  int draws() {
    return fits.get(0).draws().size();
  }

  double loss(double[] shares) {
    return surface(fits.stream().map(MixtureFit::surface).toList()).applyAsDouble(shares);
  }

  ToDoubleFunction<double[]> surface() {
    return surface(fits.stream().map(MixtureFit::surface).toList());
  }

  ToDoubleFunction<double[]> draw(int number) {
    return surface(fits.stream().map(f -> f.draws().get(number)).toList());
  }

  double[] draws(double[] shares) {
    double[] losses = new double[draws()];
    Arrays.setAll(losses, r -> draw(r).applyAsDouble(shares));
    return losses;
  }

  private ToDoubleFunction<double[]> surface(
      List<ToDoubleBiFunction<double[], TrainingScale>> surfaces) {
    return shares -> {
      double sum = 0;
      for (int k = 0; k < weights.length; k++) {
        sum += weights[k] * surfaces.get(k).applyAsDouble(shares, scale);
      }
      return sum;
    };
  }
}
