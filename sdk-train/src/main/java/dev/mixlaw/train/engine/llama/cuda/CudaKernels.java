package dev.mixlaw.train.engine.llama.cuda;

import dev.mixlaw.train.engine.llama.Ids;
import dev.mixlaw.train.engine.llama.Kernels;
import dev.mixlaw.train.engine.llama.Values;
import dev.mixlaw.train.engine.vector.AdamW;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The kernels of a card: each call becomes commands on a tape. */
final class CudaKernels implements Kernels {
  private static final int THREADS = 256;

  /** As in {@code embedding.cu}. */
  private static final int CHUNK = 32;

  /**
   * Parts that the gradient of a norm's weights is summed up in, on every card the same: so many
   * warps, but blocks enough for three of each multiprocessor of a large card.
   */
  private static final int NORM_WARPS = 1536;

  private static final int NORM_BLOCKS = 384;

  /** Bytes of shared memory that such sums may take: some blocks fit a multiprocessor. */
  private static final int NORM_SHARED = 48 * 1024;

  /** As in {@code weights.cu}. */
  private static final int MOST_BLOCKS = 1024;

  private static final int STEP_FLOATS = 8;

  private final Card card;
  private final Tape tape;
  private final Staging staging;
  private final Scratch scratch;
  private final CudaAttention attention;
  private final Map<Program, Map<String, Long>> kernels = new HashMap<>();
  private final Map<Product, Long> products = new HashMap<>();
  private long ticket;

  /** Of rotations: for which heads, how many positions, where, and whether in this job. */
  private @Nullable Heads anglesHeads;

  private int anglesLength;
  private long angles;
  private boolean anglesMade;

  /** Steps that the job's updates were given, and where on the card they are. */
  private final List<Update> updates = new ArrayList<>();

  private final List<Long> updatePlaces = new ArrayList<>();
  private final Pool pool;

  private record Update(AdamW step, double clipNorm) {}

  CudaKernels(Card card, Tape tape, Staging staging, Pool pool) {
    this.card = card;
    this.tape = tape;
    this.staging = staging;
    this.pool = pool;
    scratch = new Scratch(pool);
    attention = new CudaAttention(card.sharedMemory(), this, tape, scratch);
  }

  /** Numbers of updates are taken to the card anew. */
  void beginJob() {
    updates.clear();
    anglesMade = false;
  }

  long kernel(Program program, String name) {
    return kernels
        .computeIfAbsent(program, p -> new HashMap<>())
        .computeIfAbsent(name, n -> card.kernel(program, n));
  }

  private long kernel(Program.Family family, boolean rounded, String name) {
    return kernel(Program.of(family, rounded), name);
  }

  private long rows(boolean rounded, String name) {
    return kernel(Program.Family.ROWS, rounded, name);
  }

  static long bits(float x) {
    return Integer.toUnsignedLong(Float.floatToRawIntBits(x));
  }

  static int divide(int n, int by) {
    return (n + by - 1) / by;
  }

  /** Threads for a row: a warp's multiple that does not leave most without work. */
  private static int threads(int width, boolean wide, boolean rounded) {
    int each = wide ? 16 / CudaValues.bytes(rounded) : 1;
    return Math.min(THREADS, divide(divide(width, each), 32) * 32);
  }

  /** Whether rows of a width begin at 16 bytes, in all of some values. */
  private static boolean wide(int width, CudaValues... all) {
    for (CudaValues v : all) {
      if (v.address() % 16 != 0 || (long) width * CudaValues.bytes(v.rounded()) % 16 != 0) {
        return false;
      }
    }
    return true;
  }

  private static long flag(boolean x) {
    return x ? 1 : 0;
  }

  private static long address(Ids ids) {
    return ((CudaDevice.CudaIds) ids).address();
  }

  @Override
  public void ends(Values from, Values to, int sequences, int length, int first, int width) {
    CudaValues whole = CudaValues.of(from);
    CudaValues ends = CudaValues.of(to);
    if (whole.rounded() != ends.rounded()) {
      throw new IllegalArgumentException("a copy from one format to another");
    }
    long row = (long) width * CudaValues.bytes(whole.rounded());
    long kept = (length - first) * row;
    for (int s = 0; s < sequences; s++) {
      long begin = ((long) s * length + first) * row;
      tape.copy(whole.address() + begin, ends.address() + s * kept, kept);
    }
  }

  @Override
  public void zero(Values to, long length) {
    CudaValues v = CudaValues.of(to);
    tape.zero(v.address(), length * CudaValues.bytes(v.rounded()));
  }

  @Override
  public void embed(Ids ids, int rows, Values table, Values out, int width) {
    CudaValues to = CudaValues.of(out);
    long from = CudaValues.of(table).in(to.rounded());
    boolean wide = wide(width, to) && from % 16 == 0;
    long packs = (long) rows * (wide ? width * CudaValues.bytes(to.rounded()) / 16 : width);
    tape.launch(
        rows(to.rounded(), "embed"),
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
  public void embedBackward(Ids ids, Ids order, int rows, Values dOut, Values dTable, int width) {
    CudaValues d = CudaValues.of(dOut);
    int chunks = divide(rows, CHUNK);
    int columns = divide(width, 128);
    long partial = scratch.take((long) chunks * width * Float.BYTES);
    tape.launch(
        kernel(Program.Family.EMBEDDING, d.rounded(), "embed_sum"),
        chunks,
        columns,
        128,
        0,
        address(ids),
        address(order),
        d.address(),
        CudaValues.of(dTable).address(),
        partial,
        rows,
        width);
    tape.launch(
        kernel(Program.Family.EMBEDDING, d.rounded(), "embed_join"),
        chunks,
        columns,
        128,
        0,
        address(ids),
        address(order),
        partial,
        CudaValues.of(dTable).address(),
        rows,
        width);
  }

  @Override
  public void linear(Values x, Values w, Values y, int rows, int in, int out) {
    multiply(false, true, rows, out, in, x, w, y, y, false);
  }

  @Override
  public void residualLinear(
      Values x, Values w, Values residual, Values y, int rows, int in, int out) {
    multiply(false, true, rows, out, in, x, w, residual, y, true);
  }

  @Override
  public void linearInput(Values dy, Values w, Values dx, int rows, int in, int out) {
    multiply(false, false, rows, in, out, dy, w, dx, dx, false);
  }

  @Override
  public void linearWeight(
      Values dy, Values x, Values dw, int rows, int in, int out, boolean accumulate) {
    multiply(true, false, out, in, rows, dy, x, dw, dw, accumulate);
  }

  private void multiply(
      boolean transposeA,
      boolean transposeB,
      int rows,
      int columns,
      int inner,
      Values a,
      Values b,
      Values c,
      Values d,
      boolean add) {
    boolean rounded = CudaValues.of(a).rounded();
    long left = CudaValues.of(a).address();
    long right = CudaValues.of(b).in(rounded);
    CudaValues addend = CudaValues.of(c);
    CudaValues to = CudaValues.of(d);
    long addresses = left | right | addend.address() | to.address();
    int alignment = (int) Math.min(256, Long.lowestOneBit(addresses | 256));
    Product product =
        new Product(
            transposeA, transposeB, rows, columns, inner, rounded, to.rounded(), add, alignment);
    tape.multiply(
        products.computeIfAbsent(product, card::product),
        left,
        right,
        addend.address(),
        to.address());
  }

  @Override
  public void rmsNorm(Values x, Values w, Values y, Values r, int rows, int width, double epsilon) {
    CudaValues from = CudaValues.of(x);
    CudaValues to = CudaValues.of(y);
    boolean wide = wide(width, from, to, CudaValues.of(w));
    tape.launch(
        rows(from.rounded(), "rms_norm"),
        rows,
        1,
        threads(width, wide, from.rounded()),
        0,
        from.address(),
        CudaValues.of(w).address(),
        to.address(),
        CudaValues.of(r).address(),
        width,
        bits((float) epsilon),
        flag(wide));
  }

  @Override
  public void rmsNormBackward(
      Values dy,
      Values x,
      Values w,
      Values r,
      Values dx,
      Values dw,
      int rows,
      int width,
      boolean again) {
    CudaValues d = CudaValues.of(dy);
    CudaValues from = CudaValues.of(x);
    CudaValues to = CudaValues.of(dx);
    boolean wide = wide(width, d, from, to, CudaValues.of(w));
    int threads = threads(width, wide, d.rounded());
    int each = divide(rows, Math.max(NORM_BLOCKS, Math.min(NORM_WARPS, NORM_WARPS * 32 / threads)));
    int parts = divide(rows, each);
    long partial = scratch.take((long) parts * width * Float.BYTES);
    boolean inShared = (long) width * Float.BYTES <= NORM_SHARED;
    tape.launch(
        rows(d.rounded(), "rms_norm_backward"),
        parts,
        1,
        threads,
        inShared ? width * Float.BYTES : 0,
        d.address(),
        from.address(),
        CudaValues.of(w).address(),
        CudaValues.of(r).address(),
        to.address(),
        partial,
        rows,
        width,
        each,
        flag(inShared),
        flag(again),
        flag(wide));
    tape.launch(
        rows(d.rounded(), "add_rows"),
        divide(width, 32),
        1,
        THREADS,
        0,
        partial,
        CudaValues.of(dw).address(),
        parts,
        width);
  }

  @Override
  public void rope(Values qkv, Heads heads, int sequences, int length, boolean backward) {
    CudaValues v = CudaValues.of(qkv);
    int half = heads.size() / 2;
    long cosines = angles(heads, length, v.rounded());
    long sines = cosines + (long) anglesLength * half * Float.BYTES;
    int each = 16 / CudaValues.bytes(v.rounded());
    boolean wide = half % each == 0 && wide(heads.rowWidth(), v);
    int turned = heads.query() + heads.keyValue();
    tape.launch(
        rows(v.rounded(), "rope"),
        sequences * length,
        1,
        threads(turned * half, wide, v.rounded()),
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

  /** Cosines of so many positions and, behind them, sines: made in each job that asks for them. */
  private long angles(Heads heads, int length, boolean rounded) {
    boolean enough = heads.equals(anglesHeads) && length <= anglesLength;
    if (!enough) {
      anglesHeads = heads;
      anglesLength = (length + 3) / 4 * 4;
      angles = pool.take((long) anglesLength * heads.size() * Float.BYTES);
    }
    if (!enough || !anglesMade) {
      anglesMade = true;
      int n = anglesLength * heads.size() / 2;
      tape.launch(
          rows(rounded, "rope_angles"),
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
      Values qkv, Values logSums, Values out, Heads heads, int sequences, int length) {
    attention.forward(
        CudaValues.of(qkv), CudaValues.of(logSums), CudaValues.of(out), heads, sequences, length);
  }

  @Override
  public void attentionBackward(
      Values dOut,
      Values out,
      Values qkv,
      Values logSums,
      Values dQkv,
      Heads heads,
      int sequences,
      int length) {
    attention.backward(
        CudaValues.of(dOut),
        CudaValues.of(out),
        CudaValues.of(qkv),
        CudaValues.of(logSums),
        CudaValues.of(dQkv),
        heads,
        sequences,
        length);
  }

  @Override
  public void attentionStep(
      Values qkv,
      Values keys,
      Values values,
      Ids places,
      Values out,
      Heads heads,
      int rows,
      int capacity) {
    CudaValues v = CudaValues.of(qkv);
    int threads = 128;
    tape.launch(
        kernel(Program.Family.ATTENTION, v.rounded(), "attention_store"),
        rows,
        heads.keyValue(),
        threads,
        0,
        v.address(),
        CudaValues.of(keys).address(),
        CudaValues.of(values).address(),
        address(places),
        heads.query(),
        heads.keyValue(),
        heads.size(),
        Double.doubleToRawLongBits(heads.ropeTheta()),
        capacity);
    tape.launch(
        kernel(Program.Family.ATTENTION, v.rounded(), "attention_step"),
        rows,
        heads.keyValue(),
        threads,
        (heads.size() * (1 + 2 * heads.group()) + threads) * Float.BYTES,
        v.address(),
        CudaValues.of(keys).address(),
        CudaValues.of(values).address(),
        address(places),
        CudaValues.of(out).address(),
        heads.query(),
        heads.keyValue(),
        heads.size(),
        Double.doubleToRawLongBits(heads.ropeTheta()),
        capacity);
  }

  @Override
  public void swiglu(Values gateUp, Values out, int rows, int width) {
    CudaValues from = CudaValues.of(gateUp);
    CudaValues to = CudaValues.of(out);
    boolean wide = wide(width, from, to);
    tape.launch(
        rows(from.rounded(), "swiglu"),
        rows,
        1,
        threads(width, wide, from.rounded()),
        0,
        from.address(),
        to.address(),
        width,
        flag(wide));
  }

  @Override
  public void swigluBackward(
      Values gateUp, Values dOut, Values dGateUp, int rows, int width, boolean again) {
    CudaValues from = CudaValues.of(gateUp);
    CudaValues d = CudaValues.of(dOut);
    CudaValues to = CudaValues.of(dGateUp);
    boolean wide = wide(width, from, d, to);
    tape.launch(
        rows(from.rounded(), "swiglu_backward"),
        rows,
        1,
        threads(width, wide, from.rounded()),
        0,
        from.address(),
        d.address(),
        to.address(),
        width,
        flag(again),
        flag(wide));
  }

  @Override
  public void crossEntropy(
      Values logits,
      Ids labels,
      int from,
      int rows,
      int vocabulary,
      double scale,
      Values nats,
      int at) {
    CudaValues v = CudaValues.of(logits);
    boolean wide = wide(vocabulary, v);
    long row = (long) vocabulary * CudaValues.bytes(v.rounded());
    // Two blocks are to fit a multiprocessor.
    boolean inShared = row <= card.sharedMemory() / 2;
    tape.launch(
        rows(v.rounded(), "cross_entropy"),
        rows,
        1,
        2 * threads(vocabulary, wide, v.rounded()),
        inShared ? (int) row : 0,
        v.address(),
        address(labels) + (long) from * Integer.BYTES,
        vocabulary,
        bits((float) scale),
        CudaValues.of(nats).address() + (long) at * Float.BYTES,
        flag(inShared),
        flag(wide));
  }

  @Override
  public void reduce(List<Values> gradients, long length, Values squares, int index) {
    CudaValues sum = CudaValues.of(gradients.get(0));
    for (Values more : gradients.subList(1, gradients.size())) {
      tape.launch(
          kernel(Program.Family.WEIGHTS, false, "add_to"),
          blocks(length),
          1,
          THREADS,
          0,
          CudaValues.of(more).address(),
          sum.address(),
          length);
    }
    if (ticket == 0) {
      ticket = pool.take(Integer.BYTES);
    }
    int blocks = blocks(length);
    long partial = scratch.take(MOST_BLOCKS * Float.BYTES);
    tape.launch(
        kernel(Program.Family.WEIGHTS, false, "square_sum"),
        blocks,
        1,
        THREADS,
        0,
        sum.address(),
        length,
        partial,
        ticket,
        CudaValues.of(squares).address() + (long) index * Float.BYTES);
  }

  /** For so many values, some to a thread: the same on every card, as sums depend on it. */
  private static int blocks(long length) {
    return (int) Math.max(1, Math.min(MOST_BLOCKS, length / (8 * THREADS)));
  }

  @Override
  public void adamW(
      Values weights,
      Values gradient,
      Values mean,
      Values square,
      long length,
      Values squares,
      int parts,
      double clipNorm,
      AdamW step) {
    CudaValues w = CudaValues.of(weights);
    CudaValues g = CudaValues.of(gradient);
    CudaValues m = CudaValues.of(mean);
    CudaValues q = CudaValues.of(square);
    boolean wide = length % 4 == 0 && wide(4, w, g, m, q) && w.copy() % 8 == 0;
    tape.launch(
        kernel(Program.Family.WEIGHTS, false, "adam_w"),
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
        CudaValues.of(squares).address(),
        parts,
        place(new Update(step, clipNorm)),
        flag(wide));
  }

  /** Where a step's numbers are on the card; in a job each step's are taken there once. */
  private long place(Update update) {
    int known = updates.indexOf(update);
    if (known >= 0) {
      return updatePlaces.get(known);
    }
    int index = updates.size();
    updates.add(update);
    if (index == updatePlaces.size()) {
      updatePlaces.add(pool.take(STEP_FLOATS * Float.BYTES));
    }
    long place = updatePlaces.get(index);
    float[] numbers = numbers(update);
    int bytes = STEP_FLOATS * Float.BYTES;
    tape.copy(staging.stage(bytes, buffer -> buffer.asFloatBuffer().put(numbers)), place, bytes);
    return place;
  }

  /** In the order of {@code Step} in {@code weights.cu}, both bias corrections folded in. */
  private static float[] numbers(Update update) {
    AdamW step = update.step();
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

  /** Makes the rounded copy of weights again. */
  void round(CudaValues weights, long length) {
    tape.launch(
        kernel(Program.Family.WEIGHTS, false, "round_weights"),
        blocks(length),
        1,
        THREADS,
        0,
        weights.address(),
        weights.copy(),
        length);
  }
}
