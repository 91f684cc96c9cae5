package dev.mixlaw.train.engine.llama.cuda;

/**
 * Conversions between single precision and bf16, which is the upper half of a single-precision
 * number.
 */
final class Bf16Rounding {
  private Bf16Rounding() {}

  /** Rounds to the nearest bf16 value, and to the even one if two are equally near. */
  static short round(float x) {
    int bits = Float.floatToRawIntBits(x);
    if (Float.isNaN(x)) {
      return (short) (bits >>> 16 | 0x40);
    }
    return (short) ((bits + 0x7fff + (bits >>> 16 & 1)) >>> 16);
  }

  static float widen(short bits) {
    return Float.intBitsToFloat(bits << 16);
  }
}
