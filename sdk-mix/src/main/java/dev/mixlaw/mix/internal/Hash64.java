package dev.mixlaw.mix.internal;

import dev.mixlaw.api.internal.Hashing;

/** 64-bit hashes and random numbers that are the same on every machine and Java version. */
public final class Hash64 {
  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private Hash64() {}

  public static long mix(long z) {
    return Hashing.mix64(z);
  }

  /** Returns a random number that depends only on a seed and an index (SplitMix64). */
  public static long at(long seed, long index) {
    return mix(seed + (index + 1) * Hashing.GOLDEN_GAMMA);
  }

  public static long of(CharSequence text, long seed) {
    long hash = begin();
    for (int i = 0; i < text.length(); i++) {
      hash = add(hash, text.charAt(i));
    }
    return mix(hash ^ mix(seed));
  }

  /** Returns the initial state of an FNV-1a hash, which {@link #mix} completes. */
  public static long begin() {
    return FNV_OFFSET;
  }

  public static long add(long hash, char c) {
    return (hash ^ c) * FNV_PRIME;
  }
}
