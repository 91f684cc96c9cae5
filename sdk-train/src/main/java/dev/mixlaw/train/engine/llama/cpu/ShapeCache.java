package dev.mixlaw.train.engine.llama.cpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A cache with keys of four integers. A lookup allocates nothing. */
final class ShapeCache<T> {
  private final List<T> values = new ArrayList<>();
  private int[] shapes = new int[64];

  @Nullable T get(int a, int b, int c, int d) {
    for (int i = 0, at = 0; i < values.size(); i++, at += 4) {
      if (shapes[at] == a && shapes[at + 1] == b && shapes[at + 2] == c && shapes[at + 3] == d) {
        return values.get(i);
      }
    }
    return null;
  }

  T put(int a, int b, int c, int d, T value) {
    int at = 4 * values.size();
    if (at == shapes.length) {
      shapes = Arrays.copyOf(shapes, 2 * at);
    }
    System.arraycopy(new int[] {a, b, c, d}, 0, shapes, at, 4);
    values.add(value);
    return value;
  }
}
