package dev.mixlaw.api.results;

import java.util.AbstractList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.RandomAccess;

/**
 * The value of a metric for one model on one subject, with the scores that it is computed from: Σ
 * scores / Σ weights.
 *
 * @param subject name of the domain, the multiple-choice test or the column of a table
 * @param metric what was measured
 * @param value the value, with the uncertainty due to the choice of items
 * @param scores score of each item, such as a document or a question, in the subject's order, for
 *     paired comparisons of models: the nats of a document, for example. Empty if only the value is
 *     known, as in a table
 * @param weights weight of each item in the order of the scores; empty if all are 1. They are the
 *     tokens of a document for nats per token, and ln 2 · bytes for bits per byte
 * @param details further numbers that describe the measurement, by name, such as the {@code chance}
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
   * @throws IllegalArgumentException if there are weights, but not one for each score
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
          subject
              + ", "
              + metric.name()
              + ": "
              + weights.size()
              + " weights; expected none, or one for each of "
              + scores.size()
              + " scores");
    }
  }

  /** Creates a measurement whose items all have weight 1. */
  public Measurement(String subject, Metric metric, Estimate value, List<Double> scores) {
    this(subject, metric, value, scores, List.of(), Map.of());
  }

  /** Returns this measurement with another name of its subject. */
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
