package dev.mixlaw.train.engine.llama.cuda;

/**
 * A session's memory on a card. It is allocated in one piece if the amount is known, and is handed
 * out in parts.
 */
final class CardMemoryPool {
  private static final int ALIGNMENT = 256;

  /**
   * Minimum number of bytes that are allocated at once when the reserved memory is used up. This is
   * also the driver's allocation granularity.
   */
  private static final long CHUNK = 2L << 20;

  /** Allowance for rounding sizes up to the alignment. */
  private static final long SLACK = 1L << 20;

  /**
   * Maximum number of bytes allocated in addition to the reserved memory, if the reserved memory
   * suffices.
   */
  static final long MAX_OVERHEAD = CHUNK + SLACK;

  private final NvidiaCard card;
  private long next;
  private long end;

  CardMemoryPool(NvidiaCard card) {
    this.card = card;
  }

  void reserve(long bytes) {
    next = card.allocate(bytes + SLACK);
    end = next + bytes + SLACK;
  }

  /** Allocates memory that is initialized to zero. */
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
