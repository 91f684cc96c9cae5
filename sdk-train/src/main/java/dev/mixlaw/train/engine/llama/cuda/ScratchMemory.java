package dev.mixlaw.train.engine.llama.cuda;

/** Memory for the intermediate results that one kernel passes to the next. */
final class ScratchMemory {
  private final CardMemoryPool pool;
  private long address;
  private long bytes;

  ScratchMemory(CardMemoryPool pool) {
    this.pool = pool;
  }

  /** Returns memory of at least this size. Earlier calls may have returned the same memory. */
  long allocate(long needed) {
    if (needed > bytes) {
      // Smaller memory is kept: kernels may still use it.
      bytes = Math.max(needed, 2 * bytes);
      address = pool.allocate(bytes);
    }
    return address;
  }
}
