package dev.mixlaw.train.engine.decoder.cuda;

import dev.mixlaw.train.engine.decoder.Kernels.Heads;

/** Attention: on tensor cores where format and size of the heads allow it. */
final class CudaAttention {
  /** As in {@code flash.cu}. */
  private static final int TILE = 64;

  private static final int THREADS = 128;

  /** As in {@code attention.cu}. */
  private static final int WARPS = 4;

  private final int sharedMemory;
  private final CudaKernels kernels;
  private final Tape tape;
  private final Scratch scratch;

  CudaAttention(int sharedMemory, CudaKernels kernels, Tape tape, Scratch scratch) {
    this.sharedMemory = sharedMemory;
    this.kernels = kernels;
    this.tape = tape;
    this.scratch = scratch;
  }

  void forward(
      CudaValues qkv, CudaValues logSums, CudaValues out, Heads heads, int sequences, int length) {
    int stages = stages(heads.size());
    if (onTensorCores(qkv, out, heads)) {
      tape.launch(
          kernels.kernel(flash(heads, stages), "flash_forward"),
          CudaKernels.divide(length, TILE) * heads.query() * sequences,
          1,
          THREADS,
          (1 + 2 * stages) * tileBytes(TILE, heads.size()),
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
    tape.launch(
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
      CudaValues dOut,
      CudaValues out,
      CudaValues qkv,
      CudaValues logSums,
      CudaValues dQkv,
      Heads heads,
      int sequences,
      int length) {
    int rows = sequences * length;
    long deltas = scratch.take((long) rows * heads.query() * Float.BYTES);
    tape.launch(
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
    if (onTensorCores(qkv, dOut, heads) && dQkv.address() % 16 == 0) {
      int size = heads.size();
      int stages = stages(size);
      int tiles = CudaKernels.divide(length, TILE);
      tape.launch(
          kernels.kernel(flash(heads, stages), "flash_query_gradient"),
          tiles * heads.query() * sequences,
          1,
          THREADS,
          (2 + 2 * stages) * tileBytes(TILE, size),
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
      int seen = size > 64 ? 32 : 64;
      tape.launch(
          kernels.kernel(flash(heads, stages), "flash_key_gradient"),
          tiles * heads.keyValue() * sequences,
          1,
          THREADS,
          2 * tileBytes(TILE, size) + 2 * stages * (tileBytes(seen, size) + seen * Float.BYTES),
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
      return;
    }
    for (boolean ofQueries : new boolean[] {true, false}) {
      tape.launch(
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

  private static boolean onTensorCores(CudaValues qkv, CudaValues out, Heads heads) {
    return qkv.rounded()
        && heads.size() % 16 == 0
        && heads.size() <= 128
        && qkv.address() % 16 == 0
        && out.address() % 16 == 0;
  }

  /** Two tiles of keys and values at once, where the gradient of queries has room for them. */
  private int stages(int size) {
    return 6 * tileBytes(TILE, size) <= sharedMemory ? 2 : 1;
  }

  private static int tileBytes(int rows, int size) {
    return rows * (size + 8) * Short.BYTES;
  }

  private static long scale(Heads heads) {
    return CudaKernels.bits((float) (1 / Math.sqrt(heads.size())));
  }

  private static Program flash(Heads heads, int stages) {
    return new Program(Program.Family.FLASH, true, heads.size(), stages);
  }

  private long simple(CudaValues qkv, String name) {
    return kernels.kernel(Program.of(Program.Family.ATTENTION, qkv.rounded()), name);
  }
}
