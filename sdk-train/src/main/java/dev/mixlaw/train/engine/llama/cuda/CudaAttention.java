package dev.mixlaw.train.engine.llama.cuda;

import dev.mixlaw.train.engine.weights.AttentionHeads;

/**
 * Attention: on tensor cores where the number format and the size of heads allow it, otherwise by
 * simple kernels.
 */
final class CudaAttention {
  /** Rows of a key tile, as in {@code flash.cu}. */
  private static final int TILE = 64;

  /** Rows of a query tile in the gradient of keys, as in {@code flash.cu}. */
  private static final int SEEN = 32;

  private static final int THREADS = 128;

  /** Warps of a block, as in {@code attention.cu}. */
  private static final int WARPS = 4;

  /** Alignment of addresses in bytes that asynchronous copies and the widest stores need. */
  private static final int ALIGNMENT = 16;

  private final int sharedMemory;
  private final CudaKernels kernels;
  private final CommandBuffer commands;
  private final ScratchMemory scratch;

  CudaAttention(
      int sharedMemory, CudaKernels kernels, CommandBuffer commands, ScratchMemory scratch) {
    this.sharedMemory = sharedMemory;
    this.kernels = kernels;
    this.commands = commands;
    this.scratch = scratch;
  }

  void forward(
      CudaFloats qkv,
      CudaFloats logSums,
      CudaFloats out,
      AttentionHeads heads,
      int sequences,
      int length) {
    int stages = stages(heads.size());
    if (onTensorCores(qkv, out, heads)) {
      commands.launch(
          kernels.kernel(flash(heads, stages), "flash_forward"),
          CudaKernels.divide(length, rows(heads.size())) * heads.query() * sequences,
          1,
          THREADS,
          bytes(rows(heads.size()) + 2 * stages * TILE, heads.size()),
          qkv.address(),
          logSums.address(),
          out.address(),
          heads.query(),
          heads.keyValue(),
          sequences,
          length,
          scale(heads));
      return;
    }
    int rows = sequences * length;
    commands.launch(
        simple(qkv, "attention"),
        CudaKernels.divide(rows, WARPS),
        heads.query(),
        WARPS * 32,
        2 * WARPS * heads.size() * Float.BYTES,
        qkv.address(),
        logSums.address(),
        out.address(),
        heads.query(),
        heads.keyValue(),
        heads.size(),
        rows,
        length);
  }

  void backward(
      CudaFloats dOut,
      CudaFloats out,
      CudaFloats qkv,
      CudaFloats logSums,
      CudaFloats dQkv,
      AttentionHeads heads,
      int sequences,
      int length) {
    int rows = sequences * length;
    long deltas = scratch.allocate((long) rows * heads.query() * Float.BYTES);
    if (onTensorCores(qkv, dOut, heads)
        && out.address() % ALIGNMENT == 0
        && dQkv.address() % ALIGNMENT == 0) {
      onTensorCores(dOut, out, qkv, logSums, deltas, dQkv, heads, sequences, length);
      return;
    }
    commands.launch(
        simple(qkv, "attention_delta"),
        CudaKernels.divide(rows, WARPS),
        heads.query(),
        WARPS * 32,
        0,
        dOut.address(),
        out.address(),
        deltas,
        heads.query(),
        heads.size(),
        rows,
        length);
    for (boolean ofQueries : new boolean[] {true, false}) {
      commands.launch(
          simple(qkv, ofQueries ? "attention_query_gradient" : "attention_key_gradient"),
          CudaKernels.divide(rows, WARPS),
          ofQueries ? heads.query() : heads.keyValue(),
          WARPS * 32,
          (ofQueries ? 3 : 4) * WARPS * heads.size() * Float.BYTES,
          dOut.address(),
          qkv.address(),
          logSums.address(),
          deltas,
          dQkv.address(),
          heads.query(),
          heads.keyValue(),
          heads.size(),
          rows,
          length);
    }
  }

  private void onTensorCores(
      CudaFloats dOut,
      CudaFloats out,
      CudaFloats qkv,
      CudaFloats logSums,
      long deltas,
      CudaFloats dQkv,
      AttentionHeads heads,
      int sequences,
      int length) {
    int size = heads.size();
    int stages = stages(size);
    int tiles = CudaKernels.divide(length, rows(size));
    commands.launch(
        kernels.kernel(flash(heads, stages), "flash_query_gradient"),
        tiles * heads.query() * sequences,
        1,
        THREADS,
        queryGradientBytes(size, stages),
        dOut.address(),
        out.address(),
        qkv.address(),
        logSums.address(),
        deltas,
        dQkv.address(),
        heads.query(),
        heads.keyValue(),
        sequences,
        length,
        scale(heads));
    commands.launch(
        kernels.kernel(flash(heads, stages), "flash_key_gradient"),
        tiles * heads.keyValue() * sequences,
        1,
        THREADS,
        bytes(2 * rows(size) + 2 * stages * SEEN, size) + 2 * stages * SEEN * Float.BYTES,
        dOut.address(),
        qkv.address(),
        logSums.address(),
        deltas,
        dQkv.address(),
        heads.query(),
        heads.keyValue(),
        sequences,
        length,
        scale(heads));
  }

  private static boolean onTensorCores(CudaFloats qkv, CudaFloats out, AttentionHeads heads) {
    return qkv.bf16()
        && heads.size() % 16 == 0
        && heads.size() <= 128
        && qkv.address() % ALIGNMENT == 0
        && out.address() % ALIGNMENT == 0;
  }

  /**
   * Returns 2, so that the next tile is loaded during the work on one, or 1 if shared memory is too
   * small.
   */
  private int stages(int size) {
    return queryGradientBytes(size, 2) <= sharedMemory ? 2 : 1;
  }

  private static int queryGradientBytes(int size, int stages) {
    return bytes(2 * rows(size) + 2 * stages * TILE, size);
  }

  /** Returns the rows of a block, as in {@code flash.cu}. */
  private static int rows(int size) {
    return size <= 64 ? 128 : 64;
  }

  /** Returns the bytes of rows in shared memory. */
  private static int bytes(int rows, int size) {
    return rows * (size + 8) * Short.BYTES;
  }

  private static long scale(AttentionHeads heads) {
    return CudaKernels.bits((float) (1 / Math.sqrt(heads.size())));
  }

  private static KernelProgram flash(AttentionHeads heads, int stages) {
    return new KernelProgram(KernelProgram.Family.FLASH, true, heads.size(), stages);
  }

  private long simple(CudaFloats qkv, String name) {
    return kernels.kernel(KernelProgram.of(KernelProgram.Family.ATTENTION, qkv.bf16()), name);
  }
}
