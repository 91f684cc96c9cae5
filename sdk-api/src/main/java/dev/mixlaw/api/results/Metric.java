package dev.mixlaw.api.results;

import dev.mixlaw.api.units.LossUnit;
import java.util.Objects;

/**
 * What is measured of a model: a loss, an accuracy, or the number of any other tool.
 *
 * @param name short name, which is also the key in {@code results.json}
 * @param description description in words
 * @param unit unit of the values; empty if the values are fractions from 0 to 1
 * @param higherIsBetter whether a larger value means a better model. If it does not, the metric is
 *     expected to fall towards a floor as models and budgets grow, so that laws can be fitted to it
 */
public record Metric(String name, String description, String unit, boolean higherIsBetter) {
  /** Cross-entropy: Σ nats / Σ tokens. */
  public static final Metric NATS_PER_TOKEN = loss("nats_per_token", LossUnit.NATS_PER_TOKEN);

  /** Cross-entropy: Σ nats / (ln 2 · Σ UTF-8 bytes of the original text). */
  public static final Metric BITS_PER_BYTE = loss("bits_per_byte", LossUnit.BITS_PER_BYTE);

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

  private static Metric loss(String name, LossUnit unit) {
    return new Metric(name, "cross-entropy in " + unit, unit.toString(), false);
  }

  private static Metric share(String name, String description) {
    return new Metric(name, description, "", true);
  }

  /** Returns the metric of losses in a unit. */
  public static Metric of(LossUnit unit) {
    return unit == LossUnit.NATS_PER_TOKEN ? NATS_PER_TOKEN : BITS_PER_BYTE;
  }

  /** Returns the unit, or the name of a metric without a unit. */
  @Override
  public String toString() {
    return unit.isEmpty() ? name : unit;
  }
}
