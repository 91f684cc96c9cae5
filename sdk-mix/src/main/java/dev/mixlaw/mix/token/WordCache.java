package dev.mixlaw.mix.token;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A cache of the token ids of pieces of text. The cache is a hash table of fixed size, in which a
 * new entry replaces the old entry in its slot. No locks are needed for thread safety, because
 * entries are immutable and a lost write only means that a piece is encoded again.
 */
final class WordCache {
  private static final int PLACES = 1 << 16;

  /** The maximum size of a cached piece in bytes. Longer pieces rarely occur twice. */
  static final int LONGEST = 64;

  private final @Nullable Entry[] entries = new Entry[PLACES];

  /** An entry, which is a record so that other threads see its fields initialized. */
  private record Entry(int hash, byte[] piece, int[] ids) {}

  static int hash(byte[] text, int from, int to) {
    int h = to - from;
    for (int i = from; i < to; i++) {
      h = h * 0x01000193 ^ text[i];
    }
    return h ^ (h >>> 15);
  }

  int @Nullable [] get(int hash, byte[] text, int from, int to) {
    Entry entry = entries[hash & (PLACES - 1)];
    return entry != null
            && entry.hash == hash
            && Arrays.equals(entry.piece, 0, entry.piece.length, text, from, to)
        ? entry.ids
        : null;
  }

  void put(int hash, byte[] text, int from, int to, int[] ids) {
    entries[hash & (PLACES - 1)] = new Entry(hash, Arrays.copyOfRange(text, from, to), ids);
  }
}
