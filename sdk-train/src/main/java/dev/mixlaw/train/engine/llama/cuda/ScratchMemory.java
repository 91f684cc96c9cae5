package dev.mixlaw.train.engine.llama.cuda;

/** Memory that one kernel leaves something in for the next, and nobody else afterwards. */
final class ScratchMemory {
  private final CardMemoryPool pool;
  private long address;
  private long bytes;

  ScratchMemory(CardMemoryPool pool) {
    this.pool = pool;
  }

  /** What was taken before is given again. */
  long allocate(long needed) {
    if (needed > bytes) {
      // What is outgrown stays: work may be under way there.
      bytes = Math.max(needed, 2 * bytes);
      address = pool.allocate(bytes);
    }
    return address;
  }

  /** Where the next part begins. */
  static long after(long part, long length) {
    return part + (length + 255) / 256 * 256;
  }
}
