package dev.mixlaw.api.results;

import java.util.List;
import java.util.Objects;

/**
 * The value of a metric for one model, with the scores whose mean it is.
 *
 * @param metric what was measured
 * @param value mean of the scores, with the uncertainty due to the choice of items
 * @param scores score of each item, such as a question, in a fixed order, for paired comparisons of
 *     models
 */
public record Measurement(Metric metric, Estimate value, List<Double> scores) {
  /** Copies the list. */
  public Measurement {
    Objects.requireNonNull(metric, "metric");
    Objects.requireNonNull(value, "value");
    scores = List.copyOf(scores);
  }
}
