package dev.mixlaw.api.results;

import java.util.Objects;

/**
 * A metric that scores a model on a multiple-choice test.
 *
 * @param name short name, which is also the key in {@code results.json}
 * @param description description in words
 * @param unit unit of the values; empty if the values are fractions from 0 to 1
 * @param higherIsBetter whether a larger value means a better model
 */
public record Metric(String name, String description, String unit, boolean higherIsBetter) {
  /** Accuracy of the choice with the highest likelihood. */
  public static final Metric ACC = share("acc", "accuracy by likelihood");

  /**
   * Accuracy of the choice with the highest likelihood per UTF-8 byte: {@code acc_bytes} in the
   * Language Model Evaluation Harness of Gao et al.
   */
  public static final Metric ACC_NORM = share("acc_norm", "accuracy by likelihood per byte");

  /** Accuracy of the choice with the highest likelihood per token. */
  public static final Metric ACC_TOKENS = share("acc_tokens", "accuracy by likelihood per token");

  /**
   * Likelihood of the correct choice divided by the sum of the likelihoods of all choices. It ranks
   * small models more reliably than accuracy does (Magnusson et al. 2025, "DataDecide").
   */
  public static final Metric CORRECT_PROB_NORM =
      share("correct_prob_norm", "normalised probability of the correct choice");

  /** Checks for null. */
  public Metric {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(description, "description");
    Objects.requireNonNull(unit, "unit");
  }

  private static Metric share(String name, String description) {
    return new Metric(name, description, "", true);
  }
}
