package dev.mixlaw.api.units;


/** The unit of a loss. A law fitted to losses in one unit says nothing about losses in another. */
public enum LossUnit {
  /** Nats divided by the number of tokens. */
  NATS_PER_TOKEN("nats per token"),
  /** Nats divided by ln 2 and the number of UTF-8 bytes. */
  BITS_PER_BYTE("bits per byte");

  private final String text;

  LossUnit(String text) {
    this.text = text;
  }

  /** Returns the unit in words, such as {@code nats per token}. */
  @Override
  public String toString() {
    return text;
  }
}
