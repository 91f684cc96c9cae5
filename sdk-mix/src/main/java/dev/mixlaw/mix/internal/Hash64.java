package dev.mixlaw.mix.internal;

/** Deterministic 64-bit hashes: the same on every machine and in every version of Java. */
public final class Hash64 {
  private static final long FNV_OFFSET = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private Hash64() {}

  /** The finalizer of SplitMix64 (Steele, Lea, Flood 2014): every bit depends on every bit. */
  public static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  /** The {@code index}th of a stream of random numbers: a pure function of both. */
  public static long at(long seed, long index) {
    return mix(seed + (index + 1) * 0x9e3779b97f4a7c15L);
  }

  /** A text's hash; another for another seed. */
  public static long of(CharSequence text, long seed) {
    long hash = begin();
    for (int i = 0; i < text.length(); i++) {
      hash = add(hash, text.charAt(i));
    }
    return mix(hash ^ mix(seed));
  }

  /** The start of a hash made character by character (FNV-1a); {@link #mix} ends it. */
  public static long begin() {
    return FNV_OFFSET;
  }

  public static long add(long hash, char c) {
    return (hash ^ c) * FNV_PRIME;
  }
}
