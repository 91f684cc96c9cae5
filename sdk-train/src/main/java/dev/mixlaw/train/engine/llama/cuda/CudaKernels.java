package dev.mixlaw.train.engine.llama.cuda;

import dev.mixlaw.train.engine.llama.DeviceFloats;
import dev.mixlaw.train.engine.llama.DeviceInts;
import dev.mixlaw.train.engine.llama.DeviceKernels;
import dev.mixlaw.train.engine.vector.AdamWStep;
import dev.mixlaw.train.engine.weights.AttentionHeads;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The kernels of a graphics card: each call adds commands to a {@link CommandBuffer}. */
final class CudaKernels implements DeviceKernels {
  private static final int THREADS = 256;

  /** Rows of a chunk, as in {@code embedding.cu}. */
  private static final int CHUNK = 32;

  /**
   * Number of parts in which the gradient of a norm's weights is summed, the same on every card:
   * this many warps, but enough blocks for three on each multiprocessor of a large card.
   */
  private static final int NORM_WARPS = 1536;

  private static final int NORM_BLOCKS = 384;

  /** Limit of shared memory for these sums, so that several blocks fit on a multiprocessor. */
  private static final int NORM_SHARED = 48 * 1024;

  /** Largest number of partial sums, as in {@code weights.cu}. */
  private static final int MOST_BLOCKS = 1024;

  private static final int STEP_FLOATS = 8;

  private final GraphicsCard card;
  private final CommandBuffer commands;
  private final StagingBuffers staging;
  private final ScratchMemory scratch;
  private final CudaAttention attention;
  private final Map<KernelProgram, Map<String, Long>> kernels = new HashMap<>();
  private final Map<MatrixProduct, Long> products = new HashMap<>();
  private long ticket;

  /**
   * The table of rotary angles: its heads, positions and address, and whether this job has computed
   * it.
   */
  private @Nullable AttentionHeads anglesHeads;

  private int anglesLength;
  private long angles;
  private boolean anglesMade;

  /** The optimizer steps of this job, and their addresses on the card. */
  private final List<Update> updates = new ArrayList<>();

  private final List<Long> updatePlaces = new ArrayList<>();
  private final CardMemoryPool pool;

  private record Update(AdamWStep step, double clipNorm) {}

  CudaKernels(
      GraphicsCard card, CommandBuffer commands, StagingBuffers staging, CardMemoryPool pool) {
    this.card = card;
    this.commands = commands;
    this.staging = staging;
    this.pool = pool;
    scratch = new ScratchMemory(pool);
    attention = new CudaAttention(card.sharedMemory(), this, commands, scratch);
  }

  /** Returns the largest scratch memory of the reductions over rows. */
  static long reductionBytes(int rows, int width) {
    long embedding = (rows / CHUNK + 1L) * width * Float.BYTES;
    long norm = Math.max(NORM_WARPS * (long) THREADS, NORM_BLOCKS * (long) width) * Float.BYTES;
    return Math.max(embedding, norm);
  }

  /** Begins a job: it computes its own table of angles and uploads its own optimizer steps. */
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

  private long rows(boolean bf16, String name) {
    return kernel(KernelProgram.Family.ROWS, bf16, name);
  }

  static long bits(float x) {
    return Integer.toUnsignedLong(Float.floatToRawIntBits(x));
  }

  static int divide(int n, int by) {
    return (n + by - 1) / by;
  }

  /**
   * Returns the number of threads for a row: a multiple of a warp that leaves few threads without
   * work.
   */
  private static int threads(int width, boolean wide, boolean bf16) {
    int each = wide ? 16 / CudaFloats.bytes(bf16) : 1;
    return Math.min(THREADS, divide(divide(width, each), 32) * 32);
  }

  /** Returns whether all rows begin at multiples of 16 bytes. */
  private static boolean wide(int width, CudaFloats... all) {
    for (CudaFloats v : all) {
      if (v.address() % 16 != 0 || (long) width * CudaFloats.bytes(v.bf16()) % 16 != 0) {
        return false;
      }
    }
    return true;
  }

  private static long flag(boolean x) {
    return x ? 1 : 0;
  }

  private static long address(DeviceInts ids) {
    return ((CudaDevice.CudaIds) ids).address();
  }

  @Override
  public void copyTails(
      DeviceFloats from, DeviceFloats to, int sequences, int length, int first, int width) {
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
  public void zero(DeviceFloats to, long length) {
    CudaFloats v = CudaFloats.of(to);
    commands.zero(v.address(), length * CudaFloats.bytes(v.bf16()));
  }

  @Override
  public void embed(DeviceInts ids, int rows, DeviceFloats table, DeviceFloats out, int width) {
    CudaFloats to = CudaFloats.of(out);
    long from = CudaFloats.of(table).in(to.bf16());
    boolean wide = wide(width, to) && from % 16 == 0;
    long packs = (long) rows * (wide ? width * CudaFloats.bytes(to.bf16()) / 16 : width);
    commands.launch(
        rows(to.bf16(), "embed"),
        Math.toIntExact((packs + THREADS - 1) / THREADS),
        1,
        THREADS,
        0,
        address(ids),
        from,
        to.address(),
        rows,
        width,
        flag(wide));
  }

  @Override
  public void embedBackward(
      DeviceInts ids,
      DeviceInts order,
      int rows,
      DeviceFloats dOut,
      DeviceFloats dTable,
      int width) {
    CudaFloats d = CudaFloats.of(dOut);
    int chunks = divide(rows, CHUNK);
    int columns = divide(width, 128);
    long partial = scratch.allocate((long) chunks * width * Float.BYTES);
    commands.launch(
        kernel(KernelProgram.Family.EMBEDDING, d.bf16(), "embed_sum"),
        chunks,
        columns,
        128,
        0,
        address(ids),
        address(order),
        d.address(),
        CudaFloats.of(dTable).address(),
        partial,
        rows,
        width);
    commands.launch(
        kernel(KernelProgram.Family.EMBEDDING, d.bf16(), "embed_join"),
        chunks,
        columns,
        128,
        0,
        address(ids),
        address(order),
        partial,
        CudaFloats.of(dTable).address(),
        rows,
        width);
  }

  @Override
  public void linear(DeviceFloats x, DeviceFloats w, DeviceFloats y, int rows, int in, int out) {
    multiply(false, true, rows, out, in, x, w, y, y, false);
  }

  @Override
  public void residualLinear(
      DeviceFloats x,
      DeviceFloats w,
      DeviceFloats residual,
      DeviceFloats y,
      int rows,
      int in,
      int out) {
    multiply(false, true, rows, out, in, x, w, residual, y, true);
  }

  @Override
  public void linearInput(
      DeviceFloats dy, DeviceFloats w, DeviceFloats dx, int rows, int in, int out) {
    multiply(false, false, rows, in, out, dy, w, dx, dx, false);
  }

  @Override
  public void linearWeight(
      DeviceFloats dy,
      DeviceFloats x,
      DeviceFloats dw,
      int rows,
      int in,
      int out,
      boolean accumulate) {
    multiply(true, false, out, in, rows, dy, x, dw, dw, accumulate);
  }

  private void multiply(
      boolean transposeA,
      boolean transposeB,
      int rows,
      int columns,
      int inner,
      DeviceFloats a,
      DeviceFloats b,
      DeviceFloats c,
      DeviceFloats d,
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
  public void rmsNorm(
      DeviceFloats x,
      DeviceFloats w,
      DeviceFloats y,
      DeviceFloats r,
      int rows,
      int width,
      double epsilon) {
    CudaFloats from = CudaFloats.of(x);
    CudaFloats to = CudaFloats.of(y);
    boolean wide = wide(width, from, to, CudaFloats.of(w));
    commands.launch(
        rows(from.bf16(), "rms_norm"),
        rows,
        1,
        threads(width, wide, from.bf16()),
        0,
        from.address(),
        CudaFloats.of(w).address(),
        to.address(),
        CudaFloats.of(r).address(),
        width,
        bits((float) epsilon),
        flag(wide));
  }

  @Override
  public void rmsNormBackward(
      DeviceFloats dy,
      DeviceFloats x,
      DeviceFloats w,
      DeviceFloats r,
      DeviceFloats dx,
      DeviceFloats dw,
      int rows,
      int width,
      boolean restore) {
    CudaFloats d = CudaFloats.of(dy);
    CudaFloats from = CudaFloats.of(x);
    CudaFloats to = CudaFloats.of(dx);
    boolean wide = wide(width, d, from, to, CudaFloats.of(w));
    int threads = threads(width, wide, d.bf16());
    int each = divide(rows, Math.max(NORM_BLOCKS, Math.min(NORM_WARPS, NORM_WARPS * 32 / threads)));
    int parts = divide(rows, each);
    long partial = scratch.allocate((long) parts * width * Float.BYTES);
    boolean inShared = (long) width * Float.BYTES <= NORM_SHARED;
    commands.launch(
        rows(d.bf16(), "rms_norm_backward"),
        parts,
        1,
        threads,
        inShared ? width * Float.BYTES : 0,
        d.address(),
        from.address(),
        CudaFloats.of(w).address(),
        CudaFloats.of(r).address(),
        to.address(),
        partial,
        rows,
        width,
        each,
        flag(inShared),
        flag(restore),
        flag(wide));
    commands.launch(
        rows(d.bf16(), "add_rows"),
        divide(width, 32),
        1,
        THREADS,
        0,
        partial,
        CudaFloats.of(dw).address(),
        parts,
        width);
  }

  @Override
  public void rope(
      DeviceFloats qkv, AttentionHeads heads, int sequences, int length, boolean backward) {
    CudaFloats v = CudaFloats.of(qkv);
    int half = heads.size() / 2;
    long cosines = angles(heads, length, v.bf16());
    long sines = cosines + (long) anglesLength * half * Float.BYTES;
    int each = 16 / CudaFloats.bytes(v.bf16());
    boolean wide = half % each == 0 && wide(heads.rowWidth(), v);
    int turned = heads.query() + heads.keyValue();
    commands.launch(
        rows(v.bf16(), "rope"),
        sequences * length,
        1,
        threads(turned * half, wide, v.bf16()),
        0,
        v.address(),
        cosines,
        sines,
        heads.rowWidth(),
        turned,
        heads.size(),
        length,
        bits(backward ? -1 : 1),
        flag(wide));
  }

  /**
   * Returns the address of a table of cosines, followed by sines; the job computes it at first use.
   */
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
      commands.launch(
          rows(bf16, "rope_angles"),
          divide(n, THREADS),
          1,
          THREADS,
          0,
          angles,
          angles + (long) n * Float.BYTES,
          heads.size(),
          Double.doubleToRawLongBits(heads.ropeTheta()),
          anglesLength);
    }
    return angles;
  }

  @Override
  public void attention(
      DeviceFloats qkv,
      DeviceFloats logSums,
      DeviceFloats out,
      AttentionHeads heads,
      int sequences,
      int length) {
    attention.forward(
        CudaFloats.of(qkv), CudaFloats.of(logSums), CudaFloats.of(out), heads, sequences, length);
  }

  @Override
  public void attentionBackward(
      DeviceFloats dOut,
      DeviceFloats out,
      DeviceFloats qkv,
      DeviceFloats logSums,
      DeviceFloats dQkv,
      AttentionHeads heads,
      int sequences,
      int length) {
    attention.backward(
        CudaFloats.of(dOut),
        CudaFloats.of(out),
        CudaFloats.of(qkv),
        CudaFloats.of(logSums),
        CudaFloats.of(dQkv),
        heads,
        sequences,
        length);
  }

  @Override
  public void cachedAttention(
      DeviceFloats qkv,
      DeviceFloats keys,
      DeviceFloats values,
      DeviceInts places,
      DeviceFloats out,
      AttentionHeads heads,
      int rows,
      int capacity) {
    CudaFloats v = CudaFloats.of(qkv);
    int threads = 128;
    commands.launch(
        kernel(KernelProgram.Family.ATTENTION, v.bf16(), "attention_store"),
        rows,
        heads.keyValue(),
        threads,
        0,
        v.address(),
        CudaFloats.of(keys).address(),
        CudaFloats.of(values).address(),
        address(places),
        heads.query(),
        heads.keyValue(),
        heads.size(),
        Double.doubleToRawLongBits(heads.ropeTheta()),
        capacity);
    commands.launch(
        kernel(KernelProgram.Family.ATTENTION, v.bf16(), "attention_step"),
        rows,
        heads.keyValue(),
        threads,
        (heads.size() * (1 + 2 * heads.group()) + threads) * Float.BYTES,
        v.address(),
        CudaFloats.of(keys).address(),
        CudaFloats.of(values).address(),
        address(places),
        CudaFloats.of(out).address(),
        heads.query(),
        heads.keyValue(),
        heads.size(),
        Double.doubleToRawLongBits(heads.ropeTheta()),
        capacity);
  }

  @Override
  public void swiglu(DeviceFloats gateUp, DeviceFloats out, int rows, int width) {
    CudaFloats from = CudaFloats.of(gateUp);
    CudaFloats to = CudaFloats.of(out);
    boolean wide = wide(width, from, to);
    commands.launch(
        rows(from.bf16(), "swiglu"),
        rows,
        1,
        threads(width, wide, from.bf16()),
        0,
        from.address(),
        to.address(),
        width,
        flag(wide));
  }

  @Override
  public void swigluBackward(
      DeviceFloats gateUp,
      DeviceFloats dOut,
      DeviceFloats dGateUp,
      int rows,
      int width,
      boolean restore) {
    CudaFloats from = CudaFloats.of(gateUp);
    CudaFloats d = CudaFloats.of(dOut);
    CudaFloats to = CudaFloats.of(dGateUp);
    boolean wide = wide(width, from, d, to);
    commands.launch(
        rows(from.bf16(), "swiglu_backward"),
        rows,
        1,
        threads(width, wide, from.bf16()),
        0,
        from.address(),
        d.address(),
        to.address(),
        width,
        flag(restore),
        flag(wide));
  }

  @Override
  public void crossEntropy(
      DeviceFloats logits,
      DeviceInts labels,
      int from,
      int rows,
      int vocabulary,
      double scale,
      DeviceFloats nats,
      int at) {
    CudaFloats v = CudaFloats.of(logits);
    boolean wide = wide(vocabulary, v);
    long row = (long) vocabulary * CudaFloats.bytes(v.bf16());
    // Two blocks must fit on a multiprocessor.
    boolean inShared = row <= card.sharedMemory() / 2;
    commands.launch(
        rows(v.bf16(), "cross_entropy"),
        rows,
        1,
        2 * threads(vocabulary, wide, v.bf16()),
        inShared ? (int) row : 0,
        v.address(),
        address(labels) + (long) from * Integer.BYTES,
        vocabulary,
        bits((float) scale),
        CudaFloats.of(nats).address() + (long) at * Float.BYTES,
        flag(inShared),
        flag(wide));
  }

  @Override
  public void reduce(List<DeviceFloats> gradients, long length, DeviceFloats squares, int index) {
    CudaFloats sum = CudaFloats.of(gradients.get(0));
    for (DeviceFloats more : gradients.subList(1, gradients.size())) {
      commands.launch(
          kernel(KernelProgram.Family.WEIGHTS, false, "add_to"),
          blocks(length),
          1,
          THREADS,
          0,
          CudaFloats.of(more).address(),
          sum.address(),
          length);
    }
    if (ticket == 0) {
      ticket = pool.allocate(Integer.BYTES);
    }
    int blocks = blocks(length);
    long partial = scratch.allocate(MOST_BLOCKS * Float.BYTES);
    commands.launch(
        kernel(KernelProgram.Family.WEIGHTS, false, "square_sum"),
        blocks,
        1,
        THREADS,
        0,
        sum.address(),
        length,
        partial,
        ticket,
        CudaFloats.of(squares).address() + (long) index * Float.BYTES);
  }

  /**
   * Returns the number of blocks for some values; sums depend on it, so it is the same on every
   * card.
   */
  private static int blocks(long length) {
    return (int) Math.max(1, Math.min(MOST_BLOCKS, length / (8 * THREADS)));
  }

  @Override
  public void adamW(
      DeviceFloats weights,
      DeviceFloats gradient,
      DeviceFloats mean,
      DeviceFloats square,
      long length,
      DeviceFloats squares,
      int parts,
      double clipNorm,
      AdamWStep step) {
    CudaFloats w = CudaFloats.of(weights);
    CudaFloats g = CudaFloats.of(gradient);
    CudaFloats m = CudaFloats.of(mean);
    CudaFloats q = CudaFloats.of(square);
    boolean wide = length % 4 == 0 && wide(4, w, g, m, q) && w.copy() % 8 == 0;
    commands.launch(
        kernel(KernelProgram.Family.WEIGHTS, false, "adam_w"),
        (int) Math.max(1, Math.min(8 * MOST_BLOCKS, length / (8 * THREADS))),
        1,
        THREADS,
        0,
        w.address(),
        g.address(),
        m.address(),
        q.address(),
        w.copy(),
        length,
        CudaFloats.of(squares).address(),
        parts,
        place(new Update(step, clipNorm)),
        flag(wide));
  }

  /** Returns the card's address of a step's numbers; a job uploads each step once. */
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

  /**
   * Returns a step's numbers in the order of {@code Step} in {@code weights.cu}, with both bias
   * corrections folded in.
   */
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

  /** Updates the bf16 copy of weights. */
  void round(CudaFloats weights, long length) {
    commands.launch(
        kernel(KernelProgram.Family.WEIGHTS, false, "round_weights"),
        blocks(length),
        1,
        THREADS,
        0,
        weights.address(),
        weights.copy(),
        length);
  }
}
