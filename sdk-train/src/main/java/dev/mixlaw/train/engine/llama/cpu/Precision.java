package dev.mixlaw.train.engine.llama.cpu;

/**
 * The number format of matrix products. Sums, and all other operations, are in single precision.
 */
public enum Precision {
  /** Single precision. */
  FP32,
  /**
   * The 16-bit format bf16, with eight bits of mantissa. Products are summed in single precision.
   */
  BF16
}
