package dev.mixlaw.train.engine.llama.cuda;

/** Memory for intermediate results that one kernel passes to the next one. */
final class ScratchMemory {
  private final CardMemoryPool pool;
  private long address;
  private long bytes;

  ScratchMemory(CardMemoryPool pool) {
    this.pool = pool;
  }

  /** Returns memory of at least the given size. Successive calls may return the same memory. */
  long allocate(long needed) {
    if (needed > bytes) {
      // The old memory is not freed, because kernels may still use it.
      bytes = Math.max(needed, 2 * bytes);
      address = pool.allocate(bytes);
    }
    return address;
  }
}
