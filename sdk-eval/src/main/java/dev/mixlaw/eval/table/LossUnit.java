package dev.mixlaw.eval.table;

/** What losses are measured in. Laws fitted to one say nothing in the other. */
public enum LossUnit {
  NATS_PER_TOKEN,
  BITS_PER_BYTE
}
