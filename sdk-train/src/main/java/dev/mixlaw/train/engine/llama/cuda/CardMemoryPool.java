package dev.mixlaw.train.engine.llama.cuda;

/** The card's memory for a session: taken at once where the amount is known, given in parts. */
final class CardMemoryPool {
  private static final int ALIGNMENT = 256;

  /** Taken where the amount is not known, or was exceeded; what a driver gives at least. */
  private static final long CHUNK = 2L << 20;

  /** What rounding up to whole alignments may add. */
  private static final long SLACK = 1L << 20;

  /** Taken at most beside what is reserved, if that is enough. */
  static final long MAX_OVERHEAD = CHUNK + SLACK;

  private final GraphicsCard card;
  private long next;
  private long end;

  CardMemoryPool(GraphicsCard card) {
    this.card = card;
  }

  void reserve(long bytes) {
    next = card.allocate(bytes + SLACK);
    end = next + bytes + SLACK;
  }

  /** Zeros. */
  long allocate(long bytes) {
    long whole = Math.max(1, (bytes + ALIGNMENT - 1) / ALIGNMENT) * ALIGNMENT;
    if (end - next < whole) {
      reserve(Math.max(CHUNK, whole));
    }
    long address = next;
    next += whole;
    return address;
  }
}
