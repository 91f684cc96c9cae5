package dev.mixlaw.api.spi;

/** Number formats of matrix products. Sums, and all other operations, are in single precision. */
public enum Precision {
  /** Single precision. */
  FP32,
  /** The 19-bit format of NVIDIA's tensor cores, with the exponent range of single precision. */
  TF32,
  /** The 16-bit format bf16, with 8 bits of exponent and 7 of mantissa. */
  BF16
}
