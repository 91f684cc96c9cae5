package dev.mixlaw.train.engine.llama.cuda;

/** The memory of a session on a GPU. It is allocated in large blocks. */
final class CardMemoryPool {
  private static final int ALIGNMENT = 256;

  /** Minimum size of a block in bytes, which is also the driver's unit of allocation. */
  private static final long CHUNK = 2L << 20;

  private static final long SLACK = 1L << 20;

  /** Maximum number of bytes that are allocated in addition to the reserved memory. */
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
