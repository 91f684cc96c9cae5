package dev.mixlaw.train.engine.dl4j;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.train.engine.weights.AttentionHeads;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The buffers to which the passes of one decoder write, and the shape of the current pass. The
 * buffers are allocated once, for the largest pass, so that a training step allocates nothing.
 */
final class Buffers implements AutoCloseable {
  /** Number of logits in a chunk (2 MB, about the size of a second-level cache). */
  private static final int LOGITS = 512 * 1024;

  final ModelSpec model;
  final int vocabulary;
  private final int capacity;
  private final DataType type;
  final Kernels kernels;
  final AttentionHeads heads;
  private final List<INDArray> allocated = new ArrayList<>();
  private final List<Tensor> streams = new ArrayList<>();
  private final List<Block> blocks = new ArrayList<>();
  private final @Nullable Gradients gradients;
  final Tensor headNorm;
  final Tensor headScale;
  final Tensor logits;
  final int chunk;
  private final IdentityHashMap<INDArray, Tensor> known = new IdentityHashMap<>();

  private int sequences;
  private int length;
  private double rowScale;

  /**
   * The activations of a block that the backward pass needs.
   *
   * @param norm1 output of the norm before the attention
   * @param scale1 inverse root mean square of each row of that norm's input
   * @param projected the queries, keys and values before QK-norm; the same object as {@code qkv}
   *     without QK-norm
   * @param attended output of the attention heads
   * @param middle residual stream after the attention
   * @param norm2 output of the norm before the feed-forward layer
   * @param scale2 inverse root mean square of each row of that norm's input
   * @param gateUp gate values and up values of the SwiGLU unit
   * @param activated output of the SwiGLU unit
   */
  record Block(
      Tensor norm1,
      Tensor scale1,
      Tensor projected,
      Tensor qkv,
      Tensor softmax,
      Tensor attended,
      Tensor middle,
      Tensor norm2,
      Tensor scale2,
      Tensor gateUp,
      Tensor activated) {}

  /** The gradients of activations. All blocks share these buffers. */
  record Gradients(Tensor stream, Tensor norm, Tensor qkv, Tensor gateUp, Tensor activated) {}

  /**
   * Allocates the buffers for at most {@code capacity} sequences. Without backward passes, all
   * blocks share the memory of one block.
   */
  Buffers(
      ModelSpec model,
      int vocabulary,
      int capacity,
      boolean backward,
      DataType type,
      Kernels kernels) {
    this.model = model;
    this.vocabulary = vocabulary;
    this.capacity = capacity;
    this.type = type;
    this.kernels = kernels;
    heads = AttentionHeads.of(model);
    chunk = chunk(model, vocabulary, capacity);
    long rows = (long) capacity * model.context();
    int width = model.width();
    int inner = model.feedForward();
    int kept = kept(model, backward);
    for (int i = 0; i <= kept; i++) {
      streams.add(allocate(rows * width));
    }
    for (int i = 0; i < kept; i++) {
      Tensor qkv = allocate(rows * heads.rowWidth());
      blocks.add(
          new Block(
              allocate(rows * width),
              allocate(rows),
              model.qkNorm() ? allocate(rows * heads.rowWidth()) : qkv,
              qkv,
              allocate(rows * heads.query() * model.context()),
              allocate(rows * width),
              allocate(rows * width),
              allocate(rows * width),
              allocate(rows),
              allocate(rows * 2 * inner),
              allocate(rows * inner)));
    }
    gradients =
        backward
            ? new Gradients(
                allocate(rows * width),
                allocate(rows * width),
                allocate(rows * heads.rowWidth()),
                allocate(rows * 2 * inner),
                allocate(rows * inner))
            : null;
    headNorm = allocate(rows * width);
    headScale = allocate(rows);
    logits = allocate((long) chunk * vocabulary);
  }

  private static int chunk(ModelSpec model, int vocabulary, int capacity) {
    long rows = (long) capacity * model.context();
    return (int) Math.min(rows, Math.max(16, LOGITS / vocabulary));
  }

  private static int kept(ModelSpec model, boolean backward) {
    return backward ? model.layers() : 1;
  }

  static long values(ModelSpec model, int vocabulary, int capacity, boolean backward) {
    long rows = (long) capacity * model.context();
    long qkv = (model.heads() + 2L * model.keyValueHeads()) * model.headSize();
    long width = model.width();
    long inner = model.feedForward();
    long block = 4 * width + 2 + qkv + (long) model.heads() * model.context() + 3 * inner;
    block += model.qkNorm() ? qkv : 0;
    long gradients = backward ? 2 * width + qkv + 3 * inner : 0;
    long kept = kept(model, backward);
    return rows * ((kept + 1) * width + kept * block + gradients + width + 1)
        + (long) chunk(model, vocabulary, capacity) * vocabulary;
  }

  private Tensor allocate(long length) {
    INDArray array = Nd4j.createUninitialized(type, length);
    allocated.add(array);
    return new Tensor(array);
  }

  void shape(int newSequences, int newLength, double newRowScale) {
    if ((long) newSequences * newLength > (long) capacity * model.context()
        || newLength > model.context()) {
      throw new IllegalArgumentException(
          newSequences + " sequences of " + newLength + " tokens do not fit in the buffers");
    }
    if (newSequences != sequences || newLength != length) {
      known.clear();
    }
    sequences = newSequences;
    length = newLength;
    rowScale = newRowScale;
  }

  Tensor of(INDArray array) {
    return known.computeIfAbsent(array, Tensor::new);
  }

  int width() {
    return model.width();
  }

  /** Returns the residual stream after the given number of blocks. */
  Tensor stream(int after) {
    return streams.get(after % streams.size());
  }

  Block block(int number) {
    return blocks.get(number % blocks.size());
  }

  Gradients gradients() {
    return Objects.requireNonNull(gradients, "the buffers were created without backward passes");
  }

  int sequences() {
    return sequences;
  }

  int length() {
    return length;
  }

  int rows() {
    return sequences * length;
  }

  double rowScale() {
    return rowScale;
  }

  @Override
  public void close() {
    known.clear();
    allocated.forEach(INDArray::close);
    kernels.close();
  }
}
