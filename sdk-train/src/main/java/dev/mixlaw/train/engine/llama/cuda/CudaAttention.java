package dev.mixlaw.train.engine.llama.cuda;

import dev.mixlaw.train.engine.llama.AttentionShape;
import dev.mixlaw.train.engine.llama.Floats;
import dev.mixlaw.train.engine.weights.AttentionHeads;
import java.util.Arrays;

/** Computes attention on tensor cores if possible, and otherwise with simple kernels. */
final class CudaAttention {
  /** Number of rows in a key tile; must agree with {@code flash.cu}. */
  private static final int TILE = 64;

  /** Number of rows in a query tile for key gradients; must agree with {@code flash.cu}. */
  private static final int SEEN = 32;

  private static final int THREADS = 128;

  /** Number of warps in a block; must agree with {@code attention.cu}. */
  private static final int WARPS = 4;

  /** Alignment in bytes that asynchronous copies and the widest stores require. */
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

  void forward(CudaFloats qkv, Floats logSums, CudaFloats out, AttentionShape shape) {
    AttentionHeads heads = shape.heads();
    int sequences = shape.sequences();
    int length = shape.length();
    int h = heads.query();
    int kv = heads.keyValue();
    int size = heads.size();
    if (onTensorCores(heads, qkv, out)) {
      int stages = stages(size);
      int tiles = CudaKernels.divide(length, rows(size));
      int shared = bytes(rows(size) + 2 * stages * TILE, size);
      Grid grid = new Grid(tiles * h * sequences, 1, THREADS, shared);
      long kernel = kernels.kernel(flash(heads, stages), "flash_forward");
      commands.launch(kernel, grid, qkv, logSums, out, h, kv, sequences, length, scale(heads));
      return;
    }
    int rows = shape.rows();
    Grid grid = warps(rows, h, 2 * size);
    commands.launch(simple(qkv, "attention"), grid, qkv, logSums, out, h, kv, size, rows, length);
  }

  void backward(
      Floats dOut, Floats out, Floats qkv, Floats logSums, Floats dQkv, AttentionShape shape) {
    AttentionHeads heads = shape.heads();
    int sequences = shape.sequences();
    int length = shape.length();
    int rows = shape.rows();
    int h = heads.query();
    int kv = heads.keyValue();
    int size = heads.size();
    long deltas = scratch.allocate((long) rows * h * Float.BYTES);
    CudaFloats from = CudaFloats.of(qkv);
    if (!onTensorCores(heads, from, CudaFloats.of(dOut), CudaFloats.of(out), CudaFloats.of(dQkv))) {
      long delta = simple(from, "attention_delta");
      commands.launch(delta, warps(rows, h, 0), dOut, out, deltas, h, size, rows, length);
      Object[] arguments = {dOut, qkv, logSums, deltas, dQkv, h, kv, size, rows, length};
      long ofQueries = simple(from, "attention_query_gradient");
      commands.launch(ofQueries, warps(rows, h, 3 * size), arguments);
      long ofKeys = simple(from, "attention_key_gradient");
      commands.launch(ofKeys, warps(rows, kv, 4 * size), arguments);
      return;
    }
    int stages = stages(size);
    int tiles = CudaKernels.divide(length, rows(size));
    float scale = scale(heads);
    Grid queries = new Grid(tiles * h * sequences, 1, THREADS, queryGradientBytes(size, stages));
    Object[] arguments = {dOut, out, qkv, logSums, deltas, dQkv, h, kv, sequences, length, scale};
    long ofQueries = kernels.kernel(flash(heads, stages), "flash_query_gradient");
    commands.launch(ofQueries, queries, arguments);
    int shared = bytes(2 * rows(size) + 2 * stages * SEEN, size) + 2 * stages * SEEN * Float.BYTES;
    Grid keys = new Grid(tiles * kv * sequences, 1, THREADS, shared);
    arguments = new Object[] {dOut, qkv, logSums, deltas, dQkv, h, kv, sequences, length, scale};
    commands.launch(kernels.kernel(flash(heads, stages), "flash_key_gradient"), keys, arguments);
  }

  /**
   * Returns a grid with one warp per row.
   *
   * @param floats number of floats of shared memory per warp
   */
  private static Grid warps(int rows, int heads, int floats) {
    int blocks = CudaKernels.divide(rows, WARPS);
    return new Grid(blocks, heads, WARPS * 32, WARPS * floats * Float.BYTES);
  }

  private static boolean onTensorCores(AttentionHeads heads, CudaFloats qkv, CudaFloats... more) {
    return qkv.bf16()
        && heads.size() % 16 == 0
        && heads.size() <= 128
        && qkv.address() % ALIGNMENT == 0
        && Arrays.stream(more).allMatch(v -> v.address() % ALIGNMENT == 0);
  }

  /**
   * Returns the number of key tiles in shared memory. The number is 2, so that the next tile is
   * loaded while the current one is used, or 1 if there is too little shared memory.
   */
  private int stages(int size) {
    return queryGradientBytes(size, 2) <= sharedMemory ? 2 : 1;
  }

  private static int queryGradientBytes(int size, int stages) {
    return bytes(2 * rows(size) + 2 * stages * TILE, size);
  }

  /** Returns the number of rows in a block; must agree with {@code flash.cu}. */
  private static int rows(int size) {
    return size <= 64 ? 128 : 64;
  }

  private static int bytes(int rows, int size) {
    return rows * (size + 8) * Short.BYTES;
  }

  private static float scale(AttentionHeads heads) {
    return (float) (1 / Math.sqrt(heads.size()));
  }

  private static KernelProgram flash(AttentionHeads heads, int stages) {
    return new KernelProgram(KernelProgram.Family.FLASH, true, heads.size(), stages);
  }

  private long simple(CudaFloats qkv, String name) {
    return kernels.kernel(KernelProgram.of(KernelProgram.Family.ATTENTION, qkv.bf16()), name);
  }
}
