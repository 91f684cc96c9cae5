package dev.mixlaw.train.engine.llama.cpu;

/**
 * The number format of matrix products. Sums, and all other operations, are in single precision.
 */
public enum Precision {
  /** Single precision. */
  FP32,
  /** Eight bits of mantissa, products summed in single precision. */
  BF16
}
