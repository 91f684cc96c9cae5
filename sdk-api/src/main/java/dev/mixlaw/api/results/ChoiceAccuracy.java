package dev.mixlaw.api.results;

import java.util.List;

/**
 * Measurements of one model on a multiple-choice test.
 *
 * <p>The model's answer is the choice with the highest log-likelihood given the question. If
 * several choices are equally likely, the first of them is the answer.
 *
 * @param test name of the test
 * @param chance chance level: accuracy of random choices
 * @param measurements a measurement for each metric, with a score for each question in the test's
 *     order
 * @param cut number of questions that are longer than the model's context; the model sees only
 *     their end
 */
public record ChoiceAccuracy(String test, double chance, List<Measurement> measurements, int cut) {
  /** Copies the list. */
  public ChoiceAccuracy {
    measurements = List.copyOf(measurements);
  }

  /**
   * Returns the measurement of a metric.
   *
   * @throws java.util.NoSuchElementException if the metric was not measured
   */
  public Measurement of(Metric metric) {
    return measurements.stream().filter(m -> m.metric().equals(metric)).findFirst().orElseThrow();
  }

  /** Returns the number of questions. */
  public int questions() {
    return measurements.stream().mapToInt(m -> m.scores().size()).findFirst().orElse(0);
  }
}
