package dev.mixlaw.api.units;

/**
 * The unit of a loss. A scaling law fitted to losses in one unit does not apply to losses in
 * another unit.
 */
public enum LossUnit {
  /** Total loss in nats divided by the number of tokens. */
  NATS_PER_TOKEN("nats per token"),
  /** Total loss in bits (nats divided by ln 2) divided by the number of UTF-8 bytes. */
  BITS_PER_BYTE("bits per byte");

  private final String text;

  LossUnit(String text) {
    this.text = text;
  }

  /** Returns the name of the unit, such as {@code nats per token}. */
  @Override
  public String toString() {
    return text;
  }
}
