package dev.mixlaw.mix.token;

import java.util.Arrays;

final class IntList {
  private int[] values;
  private int size;

  IntList(int capacity) {
    values = new int[Math.max(capacity, 8)];
  }

  void add(int value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, Math.multiplyExact(2, size));
    }
    values[size++] = value;
  }

  void addAll(int[] more) {
    if (more.length == 1) {
      add(more[0]);
      return;
    }
    if (size + more.length > values.length) {
      values = Arrays.copyOf(values, Math.max(Math.multiplyExact(2, size), size + more.length));
    }
    System.arraycopy(more, 0, values, size, more.length);
    size += more.length;
  }

  int get(int index) {
    return values[index];
  }

  int size() {
    return size;
  }

  int[] toArray() {
    return Arrays.copyOf(values, size);
  }
}
