package dev.mixlaw.train.engine.llama.cuda;

final class Bf16Rounding {
  private Bf16Rounding() {}

  /**
   * Rounds to the nearest bf16 value, with ties to even. A bf16 value is the upper half of a float.
   */
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
