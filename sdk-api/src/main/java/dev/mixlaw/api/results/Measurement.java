package dev.mixlaw.api.results;

import java.util.AbstractList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.RandomAccess;

/**
 * The value of a metric for a model on a domain, a test or a column of a table. The value is Σ
 * scores / Σ weights.
 *
 * @param subject name of the domain, test or column
 * @param metric what was measured
 * @param value the value, with the uncertainty due to the choice of items
 * @param scores score of each item in its order, for paired comparisons of models; for example, the
 *     loss of each document in nats; empty if only the value is known, as in a table
 * @param weights weight of each item in the order of the scores; empty if all weights are 1. For
 *     nats per token, the weight of a document is its number of tokens. For bits per byte, it is ln
 *     2 times its number of bytes
 * @param details map from the name of each further result to its value, such as the {@code chance}
 *     level of a multiple-choice test
 */
public record Measurement(
    String subject,
    Metric metric,
    Estimate value,
    List<Double> scores,
    List<Double> weights,
    Map<String, Double> details) {
  /**
   * Copies the lists and the map.
   *
   * @throws IllegalArgumentException if there are weights, but their number differs from the number
   *     of scores
   */
  public Measurement {
    Objects.requireNonNull(subject, "subject");
    Objects.requireNonNull(metric, "metric");
    Objects.requireNonNull(value, "value");
    scores = Numbers.of(scores);
    weights = Numbers.of(weights);
    details = Map.copyOf(details);
    if (!weights.isEmpty() && weights.size() != scores.size()) {
      throw new IllegalArgumentException(
          "%s, %s: %s weights; expected none, or one for each of %s scores"
              .formatted(subject, metric.name(), weights.size(), scores.size()));
    }
  }

  /** Creates a measurement in which all items have the weight 1. */
  public Measurement(String subject, Metric metric, Estimate value, List<Double> scores) {
    this(subject, metric, value, scores, List.of(), Map.of());
  }

  /** Returns a copy of this measurement with the given name of the domain, test or column. */
  public Measurement named(String newSubject) {
    return new Measurement(newSubject, metric, value, scores, weights, details);
  }

  /** An immutable list that takes 8 bytes per number. */
  private static final class Numbers extends AbstractList<Double> implements RandomAccess {
    private final double[] numbers;

    private Numbers(double[] numbers) {
      this.numbers = numbers;
    }

    static List<Double> of(List<Double> list) {
      return list instanceof Numbers
          ? list
          : new Numbers(list.stream().mapToDouble(Double::doubleValue).toArray());
    }

    @Override
    public Double get(int index) {
      return numbers[index];
    }

    @Override
    public int size() {
      return numbers.length;
    }
  }
}
