package dev.mixlaw.train.engine.vector;

/** A table of cosines and sines for rotary position embeddings (Su et al. 2021). */
public final class RotaryTable {
  private final int length;
  private final int size;
  private final double theta;
  private final float[] cos;
  private final float[] sin;

  public RotaryTable(int length, int size, double theta) {
    this.length = length;
    this.size = size;
    this.theta = theta;
    int half = size / 2;
    cos = new float[length * half];
    sin = new float[length * half];
    for (int position = 0; position < length; position++) {
      for (int i = 0; i < half; i++) {
        double angle = position * Math.pow(theta, -2.0 * i / size);
        cos[position * half + i] = (float) Math.cos(angle);
        sin[position * half + i] = (float) Math.sin(angle);
      }
    }
  }

  /** Returns whether this table can be used for the given heads and number of positions. */
  public boolean fit(int positions, int headSize, double base) {
    return length >= positions && size == headSize && theta == base;
  }

  /**
   * Rotates a head in place, pairing values of its first half with values of its second half.
   *
   * @param sign 1 to rotate, or -1 for the inverse rotation
   */
  public void rotate(float[] x, int at, int position, float sign) {
    VectorMath.rotate(x, at, cos, sin, position * (size / 2), sign, size / 2);
  }
}
