package dev.mixlaw.train.engine.llama.cpu;

/** What matrices are multiplied in; sums, and everything else, are in single precision. */
public enum Precision {
  /** Single precision. */
  FP32,
  /** Eight bits of mantissa, products summed in single precision. */
  BF16
}
