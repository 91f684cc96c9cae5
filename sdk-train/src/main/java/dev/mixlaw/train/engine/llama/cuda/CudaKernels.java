package dev.mixlaw.train.engine.llama.cuda;

import dev.mixlaw.train.engine.llama.AttentionShape;
import dev.mixlaw.train.engine.llama.DeviceKernels;
import dev.mixlaw.train.engine.llama.Floats;
import dev.mixlaw.train.engine.llama.Ints;
import dev.mixlaw.train.engine.vector.AdamWStep;
import dev.mixlaw.train.engine.weights.AttentionHeads;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The kernels of a GPU. Each call adds commands to a {@link CommandBuffer}. */
final class CudaKernels implements DeviceKernels {
  private static final int THREADS = 256;

  /** Number of rows in a chunk; must agree with {@code embedding.cu}. */
  private static final int CHUNK = 32;

  /**
   * Number of warps that compute the gradient of a norm's weights, each for a part of the rows. The
   * number of blocks is at least {@link #NORM_BLOCKS}, which is enough to give each multiprocessor
   * of a large GPU three blocks. Both numbers are the same on every GPU, because the order of sums
   * depends on them.
   */
  private static final int NORM_WARPS = 1536;

  private static final int NORM_BLOCKS = 384;

  /** Number of threads that normalize the heads of a row, one head per warp at a time. */
  private static final int HEAD_THREADS = 128;

  /** Maximum shared memory of a block in bytes. Several such blocks fit on a multiprocessor. */
  private static final int NORM_SHARED = 48 * 1024;

  /** Maximum number of partial sums; must agree with {@code weights.cu}. */
  private static final int MOST_BLOCKS = 1024;

  private static final int STEP_FLOATS = 8;

  private final NvidiaCard card;
  private final CommandBuffer commands;
  private final StagingBuffers staging;
  private final ScratchMemory scratch;
  private final CudaAttention attention;
  private final Map<KernelProgram, Map<String, Long>> kernels = new HashMap<>();
  private final Map<MatrixProduct, Long> products = new HashMap<>();
  private long ticket;

  /** The heads for which this job has computed the table of rotary angles, or null. */
  private @Nullable AttentionHeads anglesHeads;

  private int anglesLength;
  private long angles;
  private boolean anglesMade;

  private final List<Update> updates = new ArrayList<>();

  private final List<Long> updatePlaces = new ArrayList<>();
  private final CardMemoryPool pool;

  private record Update(AdamWStep step, double clipNorm) {}

  CudaKernels(
      NvidiaCard card, CommandBuffer commands, StagingBuffers staging, CardMemoryPool pool) {
    this.card = card;
    this.commands = commands;
    this.staging = staging;
    this.pool = pool;
    scratch = new ScratchMemory(pool);
    attention = new CudaAttention(card.sharedMemory(), this, commands, scratch);
  }

  /** Returns the maximum number of bytes of scratch memory that a reduction over rows needs. */
  static long reductionBytes(int rows, int width) {
    long embedding = (rows / CHUNK + 1L) * width * Float.BYTES;
    long norm = Math.max(NORM_WARPS * (long) THREADS, NORM_BLOCKS * (long) width) * Float.BYTES;
    return Math.max(embedding, norm);
  }

  /**
   * Begins a job. Each job computes its own table of angles and uploads its own optimizer steps.
   */
  void beginJob() {
    updates.clear();
    anglesMade = false;
  }

  long kernel(KernelProgram program, String name) {
    return kernels
        .computeIfAbsent(program, p -> new HashMap<>())
        .computeIfAbsent(name, n -> card.kernel(program, n));
  }

  private long kernel(KernelProgram.Family family, boolean bf16, String name) {
    return kernel(KernelProgram.of(family, bf16), name);
  }

  private void rows(String name, boolean bf16, Grid grid, Object... arguments) {
    commands.launch(kernel(KernelProgram.Family.ROWS, bf16, name), grid, arguments);
  }

  private void weights(String name, int blocks, Object... arguments) {
    long kernel = kernel(KernelProgram.Family.WEIGHTS, false, name);
    commands.launch(kernel, Grid.of(blocks, THREADS), arguments);
  }

  static int divide(int n, int by) {
    return (n + by - 1) / by;
  }

  /** Returns the number of threads for a row, which is a multiple of the warp size. */
  private static int threads(int width, boolean wide, boolean bf16) {
    int each = wide ? 16 / CudaFloats.bytes(bf16) : 1;
    return Math.min(THREADS, divide(divide(width, each), 32) * 32);
  }

  private static boolean wide(int width, CudaFloats... all) {
    for (CudaFloats v : all) {
      if (v.address() % 16 != 0 || (long) width * CudaFloats.bytes(v.bf16()) % 16 != 0) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void copyTails(Floats from, Floats to, int sequences, int length, int first, int width) {
    CudaFloats whole = CudaFloats.of(from);
    CudaFloats ends = CudaFloats.of(to);
    if (whole.bf16() != ends.bf16()) {
      throw new IllegalArgumentException(
          "the tails of sequences cannot be copied between number formats");
    }
    long row = (long) width * CudaFloats.bytes(whole.bf16());
    long kept = (length - first) * row;
    for (int s = 0; s < sequences; s++) {
      long begin = ((long) s * length + first) * row;
      commands.copy(whole.address() + begin, ends.address() + s * kept, kept);
    }
  }

  @Override
  public void zero(Floats to, long length) {
    CudaFloats v = CudaFloats.of(to);
    commands.zero(v.address(), length * CudaFloats.bytes(v.bf16()));
  }

  @Override
  public void embed(Ints ids, int rows, Floats table, Floats out, int width) {
    CudaFloats to = CudaFloats.of(out);
    long from = CudaFloats.of(table).in(to.bf16());
    boolean wide = wide(width, to) && from % 16 == 0;
    long packs = (long) rows * (wide ? width * CudaFloats.bytes(to.bf16()) / 16 : width);
    Grid grid = Grid.of(Math.toIntExact((packs + THREADS - 1) / THREADS), THREADS);
    rows("embed", to.bf16(), grid, ids, from, to, rows, width, wide);
  }

  @Override
  public void embedBackward(Ints ids, Ints order, int rows, Floats dOut, Floats dTable, int width) {
    CudaFloats d = CudaFloats.of(dOut);
    int chunks = divide(rows, CHUNK);
    Grid grid = new Grid(chunks, divide(width, 128), 128, 0);
    long partial = scratch.allocate((long) chunks * width * Float.BYTES);
    long sum = kernel(KernelProgram.Family.EMBEDDING, d.bf16(), "embed_sum");
    commands.launch(sum, grid, ids, order, d, dTable, partial, rows, width);
    long join = kernel(KernelProgram.Family.EMBEDDING, d.bf16(), "embed_join");
    commands.launch(join, grid, ids, order, partial, dTable, rows, width);
  }

  @Override
  public void linear(Floats x, Floats w, Floats y, int rows, int in, int out) {
    multiply(false, true, rows, out, in, x, w, y, y, false);
  }

  @Override
  public void residualLinear(
      Floats x, Floats w, Floats residual, Floats y, int rows, int in, int out) {
    multiply(false, true, rows, out, in, x, w, residual, y, true);
  }

  @Override
  public void linearInput(Floats dy, Floats w, Floats dx, int rows, int in, int out) {
    multiply(false, false, rows, in, out, dy, w, dx, dx, false);
  }

  @Override
  public void linearWeight(Floats dy, Floats x, Floats dw, int rows, int in, int out, boolean add) {
    multiply(true, false, out, in, rows, dy, x, dw, dw, add);
  }

  private void multiply(
      boolean transposeA,
      boolean transposeB,
      int rows,
      int columns,
      int inner,
      Floats a,
      Floats b,
      Floats c,
      Floats d,
      boolean add) {
    boolean bf16 = CudaFloats.of(a).bf16();
    long left = CudaFloats.of(a).address();
    long right = CudaFloats.of(b).in(bf16);
    CudaFloats addend = CudaFloats.of(c);
    CudaFloats to = CudaFloats.of(d);
    long addresses = left | right | addend.address() | to.address();
    int alignment = (int) Math.min(256, Long.lowestOneBit(addresses | 256));
    MatrixProduct product =
        new MatrixProduct(
            transposeA, transposeB, rows, columns, inner, bf16, to.bf16(), add, alignment);
    commands.multiply(
        products.computeIfAbsent(product, card::prepareProduct),
        left,
        right,
        addend.address(),
        to.address());
  }

  @Override
  public void rmsNorm(Floats x, Floats w, Floats y, Floats r, int rows, int width, double epsilon) {
    CudaFloats from = CudaFloats.of(x);
    CudaFloats to = CudaFloats.of(y);
    boolean wide = wide(width, from, to, CudaFloats.of(w));
    Grid grid = Grid.of(rows, threads(width, wide, from.bf16()));
    rows("rms_norm", from.bf16(), grid, x, w, y, r, width, (float) epsilon, wide);
  }

  @Override
  public void rmsNormBackward(
      Floats dy,
      Floats x,
      Floats w,
      Floats r,
      Floats dx,
      Floats dw,
      int rows,
      int width,
      boolean restore) {
    CudaFloats d = CudaFloats.of(dy);
    boolean wide = wide(width, d, CudaFloats.of(x), CudaFloats.of(dx), CudaFloats.of(w));
    int threads = threads(width, wide, d.bf16());
    int each = divide(rows, Math.max(NORM_BLOCKS, Math.min(NORM_WARPS, NORM_WARPS * 32 / threads)));
    int parts = divide(rows, each);
    long partial = scratch.allocate((long) parts * width * Float.BYTES);
    boolean inShared = (long) width * Float.BYTES <= NORM_SHARED;
    Grid grid = new Grid(parts, 1, threads, inShared ? width * Float.BYTES : 0);
    Object[] arguments = {dy, x, w, r, dx, partial, rows, width, each, inShared, restore, wide};
    rows("rms_norm_backward", d.bf16(), grid, arguments);
    Grid ofSums = Grid.of(divide(width, 32), THREADS);
    rows("add_rows", d.bf16(), ofSums, partial, dw, parts, width);
  }

  @Override
  public void normalizeHeads(Floats from, Floats w, Floats to, AttentionHeads heads, int rows) {
    int width = heads.rowWidth();
    int normalized = heads.queriesAndKeys();
    float epsilon = (float) heads.normEpsilon();
    Object[] arguments = {from, w, to, width, heads.query(), normalized, heads.size(), epsilon};
    rows("normalize_heads", CudaFloats.of(from).bf16(), Grid.of(rows, HEAD_THREADS), arguments);
  }

  @Override
  public void normalizeHeadsBackward(
      Floats d, Floats from, Floats w, Floats dw, AttentionHeads heads, int rows) {
    boolean bf16 = CudaFloats.of(d).bf16();
    int sums = 2 * heads.size();
    int warps = HEAD_THREADS / 32;
    int most = Math.max(1, NORM_WARPS * THREADS / (warps * sums));
    int each = divide(rows, Math.min(NORM_BLOCKS, most));
    int blocks = divide(rows, each);
    long partial = scratch.allocate((long) blocks * warps * sums * Float.BYTES);
    int normalized = heads.queriesAndKeys();
    float epsilon = (float) heads.normEpsilon();
    Object[] arguments = {
      d,
      from,
      w,
      partial,
      rows,
      each,
      heads.rowWidth(),
      heads.query(),
      normalized,
      heads.size(),
      epsilon
    };
    rows("normalize_heads_backward", bf16, Grid.of(blocks, HEAD_THREADS), arguments);
    Grid ofSums = Grid.of(divide(sums, 32), THREADS);
    rows("add_rows", bf16, ofSums, partial, dw, blocks * warps, sums);
  }

  @Override
  public void rope(Floats qkv, AttentionShape shape, boolean backward) {
    AttentionHeads heads = shape.heads();
    int length = shape.length();
    CudaFloats v = CudaFloats.of(qkv);
    int half = heads.size() / 2;
    long cosines = angles(heads, length, v.bf16());
    long sines = cosines + (long) anglesLength * half * Float.BYTES;
    int each = 16 / CudaFloats.bytes(v.bf16());
    boolean wide = half % each == 0 && wide(heads.rowWidth(), v);
    int turned = heads.queriesAndKeys();
    Grid grid = Grid.of(shape.rows(), threads(turned * half, wide, v.bf16()));
    float sign = backward ? -1 : 1;
    int all = heads.rowWidth();
    int size = heads.size();
    rows("rope", v.bf16(), grid, v, cosines, sines, all, turned, size, length, sign, wide);
  }

  /** Returns the address of this job's table of cosines, followed by sines. */
  private long angles(AttentionHeads heads, int length, boolean bf16) {
    boolean enough = heads.equals(anglesHeads) && length <= anglesLength;
    if (!enough) {
      anglesHeads = heads;
      anglesLength = (length + 3) / 4 * 4;
      angles = pool.allocate((long) anglesLength * heads.size() * Float.BYTES);
    }
    if (!enough || !anglesMade) {
      anglesMade = true;
      int n = anglesLength * heads.size() / 2;
      Grid grid = Grid.of(divide(n, THREADS), THREADS);
      long sines = angles + (long) n * Float.BYTES;
      double theta = heads.ropeTheta();
      rows("rope_angles", bf16, grid, angles, sines, heads.size(), theta, anglesLength);
    }
    return angles;
  }

  @Override
  public void attention(Floats qkv, Floats logSums, Floats out, AttentionShape shape) {
    attention.forward(CudaFloats.of(qkv), logSums, CudaFloats.of(out), shape);
  }

  @Override
  public void attentionBackward(
      Floats dOut, Floats out, Floats qkv, Floats logSums, Floats dQkv, AttentionShape shape) {
    attention.backward(dOut, out, qkv, logSums, dQkv, shape);
  }

  @Override
  public void cachedAttention(
      Floats qkv,
      Floats keys,
      Floats values,
      Ints places,
      Floats out,
      AttentionHeads heads,
      int rows,
      int capacity) {
    CudaFloats v = CudaFloats.of(qkv);
    int threads = 128;
    int h = heads.query();
    int kv = heads.keyValue();
    int size = heads.size();
    double theta = heads.ropeTheta();
    long store = kernel(KernelProgram.Family.ATTENTION, v.bf16(), "attention_store");
    Grid grid = new Grid(rows, kv, threads, 0);
    commands.launch(store, grid, v, keys, values, places, h, kv, size, theta, capacity);
    long step = kernel(KernelProgram.Family.ATTENTION, v.bf16(), "attention_step");
    int shared = (size * (1 + 2 * heads.group()) + threads) * Float.BYTES;
    grid = new Grid(rows, kv, threads, shared);
    commands.launch(step, grid, v, keys, values, places, out, h, kv, size, theta, capacity);
  }

  @Override
  public void swiglu(Floats gateUp, Floats out, int rows, int width) {
    CudaFloats from = CudaFloats.of(gateUp);
    boolean wide = wide(width, from, CudaFloats.of(out));
    Grid grid = Grid.of(rows, threads(width, wide, from.bf16()));
    rows("swiglu", from.bf16(), grid, gateUp, out, width, wide);
  }

  @Override
  public void swigluBackward(
      Floats gateUp, Floats dOut, Floats dGateUp, int rows, int width, boolean restore) {
    CudaFloats from = CudaFloats.of(gateUp);
    boolean wide = wide(width, from, CudaFloats.of(dOut), CudaFloats.of(dGateUp));
    Grid grid = Grid.of(rows, threads(width, wide, from.bf16()));
    rows("swiglu_backward", from.bf16(), grid, gateUp, dOut, dGateUp, width, restore, wide);
  }

  @Override
  public void crossEntropy(
      Floats logits,
      Ints labels,
      int from,
      int rows,
      int vocabulary,
      double scale,
      Floats nats,
      int at) {
    CudaFloats v = CudaFloats.of(logits);
    boolean wide = wide(vocabulary, v);
    long row = (long) vocabulary * CudaFloats.bytes(v.bf16());
    // Two blocks must fit in the shared memory of a multiprocessor.
    boolean inShared = row <= card.sharedMemory() / 2;
    int threads = 2 * threads(vocabulary, wide, v.bf16());
    Grid grid = new Grid(rows, 1, threads, inShared ? (int) row : 0);
    long label = ((CudaDevice.CudaIds) labels).address() + (long) from * Integer.BYTES;
    long to = CudaFloats.of(nats).address() + (long) at * Float.BYTES;
    Object[] arguments = {v, label, vocabulary, (float) scale, to, inShared, wide};
    rows("cross_entropy", v.bf16(), grid, arguments);
  }

  @Override
  public void reduce(List<Floats> gradients, long length, Floats squares, int index) {
    CudaFloats sum = CudaFloats.of(gradients.get(0));
    for (Floats more : gradients.subList(1, gradients.size())) {
      weights("add_to", blocks(length), more, sum, length);
    }
    if (ticket == 0) {
      ticket = pool.allocate(Integer.BYTES);
    }
    long partial = scratch.allocate(MOST_BLOCKS * Float.BYTES);
    long to = CudaFloats.of(squares).address() + (long) index * Float.BYTES;
    weights("square_sum", blocks(length), sum, length, partial, ticket, to);
  }

  /** Returns the number of blocks, which is the same on every GPU to fix the order of sums. */
  private static int blocks(long length) {
    return (int) Math.max(1, Math.min(MOST_BLOCKS, length / (8 * THREADS)));
  }

  @Override
  public void adamW(Piece piece, Floats squares, double clipNorm, AdamWStep step) {
    CudaFloats w = CudaFloats.of(piece.weights());
    CudaFloats g = CudaFloats.of(piece.gradients().get(0));
    CudaFloats m = CudaFloats.of(piece.mean());
    CudaFloats q = CudaFloats.of(piece.square());
    long length = w.length();
    boolean wide = length % 4 == 0 && wide(4, w, g, m, q) && w.copy() % 8 == 0;
    int blocks = (int) Math.max(1, Math.min(8 * MOST_BLOCKS, length / (8 * THREADS)));
    int parts = (int) squares.length();
    long place = place(new Update(step, clipNorm));
    weights("adam_w", blocks, w, g, m, q, w.copy(), length, squares, parts, place, wide);
  }

  /** Returns the address on the GPU of an optimizer step, which a job uploads only once. */
  private long place(Update update) {
    int known = updates.indexOf(update);
    if (known >= 0) {
      return updatePlaces.get(known);
    }
    int index = updates.size();
    updates.add(update);
    if (index == updatePlaces.size()) {
      updatePlaces.add(pool.allocate(STEP_FLOATS * Float.BYTES));
    }
    long place = updatePlaces.get(index);
    float[] numbers = numbers(update);
    int bytes = STEP_FLOATS * Float.BYTES;
    commands.copy(
        staging.stage(bytes, buffer -> buffer.asFloatBuffer().put(numbers)), place, bytes);
    return place;
  }

  /** Returns the fields of the struct {@code Step} in {@code weights.cu}, in order. */
  private static float[] numbers(Update update) {
    AdamWStep step = update.step();
    double root = Math.sqrt(step.correction2());
    double scale = step.gradientScale();
    return new float[] {
      (float) step.beta1(),
      (float) ((1 - step.beta1()) * scale),
      (float) step.beta2(),
      (float) ((1 - step.beta2()) * scale * scale),
      (float) (step.learningRate() * root / step.correction1()),
      (float) (step.epsilon() * root),
      (float) (1 - step.learningRate() * step.decay()),
      (float) update.clipNorm()
    };
  }

  void round(CudaFloats weights, long length) {
    weights("round_weights", blocks(length), weights, weights.copy(), length);
  }
}
