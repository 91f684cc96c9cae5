package dev.mixlaw.api.results;

import dev.mixlaw.api.units.LossUnit;
import java.util.Objects;

/**
 * A metric of a model, such as a loss or an accuracy, or a number from another tool.
 *
 * @param name short name, which is also the key in {@code results.json}
 * @param description description in words
 * @param unit unit of the values; empty if the values are fractions from 0 to 1
 * @param higherIsBetter whether a larger value means a better model. If a lower value is better,
 *     the metric is assumed to approach a floor as models and budgets grow, so that laws can be
 *     fitted
 */
public record Metric(String name, String description, String unit, boolean higherIsBetter) {
  /** The cross-entropy in nats per token, which is Σ nats / Σ tokens. */
  public static final Metric NATS_PER_TOKEN = loss("nats_per_token", LossUnit.NATS_PER_TOKEN);

  /**
   * The cross-entropy in bits per byte, which is Σ nats / (ln 2 · Σ bytes) for the bytes of the
   * original text in UTF-8.
   */
  public static final Metric BITS_PER_BYTE = loss("bits_per_byte", LossUnit.BITS_PER_BYTE);

  /** The accuracy if a model selects the choice with the highest likelihood. */
  public static final Metric ACC = share("acc", "accuracy by likelihood");

  /**
   * The accuracy if a model selects the choice with the highest likelihood per byte of UTF-8 text.
   * The Language Model Evaluation Harness of Gao et al. calls this metric {@code acc_bytes}.
   */
  public static final Metric ACC_NORM = share("acc_norm", "accuracy by likelihood per byte");

  /** The accuracy if a model selects the choice with the highest likelihood per token. */
  public static final Metric ACC_TOKENS = share("acc_tokens", "accuracy by likelihood per token");

  /**
   * The likelihood of the correct choice divided by the sum of the likelihoods of all choices. This
   * metric ranks small models more reliably than accuracy (Magnusson et al. 2025, "DataDecide").
   */
  public static final Metric CORRECT_PROB_NORM =
      share("correct_prob_norm", "normalised probability of the correct choice");

  /** Checks that no component is null. */
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

  /** Returns the cross-entropy in the given unit. */
  public static Metric of(LossUnit unit) {
    return unit == LossUnit.NATS_PER_TOKEN ? NATS_PER_TOKEN : BITS_PER_BYTE;
  }

  /** Returns the unit, or the name if the metric has no unit. */
  @Override
  public String toString() {
    return unit.isEmpty() ? name : unit;
  }
}
