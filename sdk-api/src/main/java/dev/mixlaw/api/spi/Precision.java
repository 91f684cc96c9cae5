package dev.mixlaw.api.spi;

/** A number format of matrix products. Sums and all other operations use single precision. */
public enum Precision {
  /** The 32-bit format of single precision. */
  FP32,
  /**
   * The 19-bit format of NVIDIA's tensor cores, which has the exponent range of single precision.
   */
  TF32,
  /** The 16-bit format bfloat16, which has 8 bits of exponent and 7 bits of mantissa. */
  BF16
}
