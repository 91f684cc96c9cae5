package dev.mixlaw.mix.shard;

import dev.mixlaw.api.internal.Hashing;

/**
 * A pseudo-random permutation of {@code [0, size)} in constant memory. A Feistel network over the
 * next power of four is applied until the result is in range (cycle walking; Black and Rogaway
 * 2002, "Ciphers with arbitrary finite domains", section 3).
 */
final class Permutation {
  private static final int ROUNDS = 8;

  private final long size;
  private final long key;
  private final int halfBits;
  private final long halfMask;

  /** Creates a permutation. The size must be at least 1. */
  Permutation(long size, long key) {
    if (size < 1) {
      throw new IllegalArgumentException("size: " + size + " given; expected at least 1");
    }
    this.size = size;
    this.key = key;
    int bits = Long.SIZE - Long.numberOfLeadingZeros(size - 1);
    halfBits = Math.max(1, (bits + 1) / 2);
    halfMask = (1L << halfBits) - 1;
  }

  long at(long index) {
    long value = index;
    do {
      value = encrypt(value);
    } while (value >= size);
    return value;
  }

  private long encrypt(long value) {
    long left = value >>> halfBits;
    long right = value & halfMask;
    for (int round = 0; round < ROUNDS; round++) {
      long mixed = left ^ (Hashing.mix64((key + round * Hashing.GOLDEN_GAMMA) ^ right) & halfMask);
      left = right;
      right = mixed;
    }
    return left << halfBits | right;
  }
}
