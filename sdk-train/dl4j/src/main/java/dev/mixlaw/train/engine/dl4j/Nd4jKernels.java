package dev.mixlaw.train.engine.dl4j;

import dev.mixlaw.train.engine.vector.AdamWStep;
import dev.mixlaw.train.engine.weights.AttentionHeads;
import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.memory.enums.AllocationPolicy;
import org.nd4j.linalg.api.memory.enums.LearningPolicy;
import org.nd4j.linalg.api.memory.enums.SpillPolicy;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.impl.transforms.custom.SoftMax;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Kernels that use only ND4J operations, for gradient checks in double precision and for CUDA. On a
 * CPU, {@link CpuKernels} is several times faster. Temporary arrays are in an ND4J workspace, which
 * each kernel opens and closes.
 */
final class Nd4jKernels implements Kernels {
  private static final WorkspaceConfiguration TEMPORARY =
      WorkspaceConfiguration.builder()
          .policyAllocation(AllocationPolicy.OVERALLOCATE)
          .overallocationLimit(0.1)
          .policyLearning(LearningPolicy.FIRST_LOOP)
          .policySpill(SpillPolicy.REALLOCATE)
          .build();
  private static final INDArrayIndex ALL = NDArrayIndex.all();

  private final String workspace = "mixlaw-" + System.identityHashCode(this);

  private MemoryWorkspace temporary() {
    return Nd4j.getWorkspaceManager().getAndActivateWorkspace(TEMPORARY, workspace);
  }

  @Override
  public void copy(Tensor from, Tensor to, long length) {
    to.matrix(1, length).assign(from.matrix(1, length));
  }

  @Override
  public void zero(Tensor to, long length) {
    to.matrix(1, length).assign(0);
  }

  @Override
  public void add(Tensor from, Tensor to, long length) {
    to.matrix(1, length).addi(from.matrix(1, length));
  }

  @Override
  public void embed(int[] ids, int rows, Tensor table, Tensor out, int width) {
    try (MemoryWorkspace scope = temporary()) {
      exec(
          DynamicCustomOp.builder("gather")
              .addInputs(rowsOf(table, width), Nd4j.createFromArray(ids))
              .addIntegerArguments(0)
              .addOutputs(out.matrix(rows, width)));
    }
  }

  @Override
  public void embedBackward(int[] ids, int rows, Tensor dOut, Tensor dTable, int width) {
    try (MemoryWorkspace scope = temporary()) {
      INDArray table = rowsOf(dTable, width);
      exec(
          DynamicCustomOp.builder("scatter_add")
              .addInputs(table, Nd4j.createFromArray(ids), dOut.matrix(rows, width))
              .addBooleanArguments(true) // use locks, or concurrent updates of a row are lost
              .addOutputs(table));
    }
  }

  @Override
  public void linear(Tensor x, Tensor w, Tensor y, int rows, int in, int out, boolean accumulate) {
    Nd4j.gemm(
        x.matrix(rows, in),
        w.matrix(out, in),
        y.matrix(rows, out),
        false,
        true,
        1,
        accumulate ? 1 : 0);
  }

  @Override
  public void linearInput(Tensor dy, Tensor w, Tensor dx, int rows, int in, int out) {
    Nd4j.gemm(dy.matrix(rows, out), w.matrix(out, in), dx.matrix(rows, in), false, false, 1, 0);
  }

  @Override
  public void linearWeight(Tensor dy, Tensor x, Tensor dw, int rows, int in, int out) {
    Nd4j.gemm(dy.matrix(rows, out), x.matrix(rows, in), dw.matrix(out, in), true, false, 1, 1);
  }

  @Override
  public void rmsNorm(Tensor x, Tensor w, Tensor y, Tensor r, int rows, int width, double epsilon) {
    try (MemoryWorkspace scope = temporary()) {
      INDArray in = x.matrix(rows, width);
      INDArray mean = in.mul(in).mean(true, 1).addi(epsilon);
      INDArray scale = r.matrix(rows, 1);
      scale.assign(Transforms.sqrt(mean, false).rdivi(1));
      y.matrix(rows, width).assign(in.mul(scale).muli(w.matrix(1, width)));
    }
  }

  @Override
  public void rmsNormBackward(
      Tensor dy, Tensor x, Tensor w, Tensor r, Tensor dx, Tensor dw, int rows, int width) {
    try (MemoryWorkspace scope = temporary()) {
      INDArray normal = x.matrix(rows, width).mul(r.matrix(rows, 1));
      INDArray product = dy.matrix(rows, width).mul(normal);
      dw.matrix(1, width).addi(product.sum(true, 0));
      INDArray mean = product.muli(w.matrix(1, width)).mean(true, 1);
      INDArray d = dy.matrix(rows, width).mul(w.matrix(1, width));
      dx.matrix(rows, width).addi(d.subi(normal.muli(mean)).muli(r.matrix(rows, 1)));
    }
  }

  @Override
  public void normalizeHeads(Tensor from, Tensor w, Tensor to, AttentionHeads heads, int rows) {
    try (MemoryWorkspace scope = temporary()) {
      to.matrix(rows, heads.rowWidth()).assign(from.matrix(rows, heads.rowWidth()));
      for (int part = 0; part < 2; part++) {
        INDArray x = part(heads(from, heads, 1, rows), heads, part);
        INDArray weight = w.matrix(2, heads.size()).getRow(part).reshape(1, 1, 1, heads.size());
        INDArray y = part(heads(to, heads, 1, rows), heads, part);
        y.assign(x.mul(headScale(x, heads)).muli(weight));
      }
    }
  }

  @Override
  public void normalizeHeadsBackward(
      Tensor d, Tensor from, Tensor w, Tensor dw, AttentionHeads heads, int rows) {
    try (MemoryWorkspace scope = temporary()) {
      for (int part = 0; part < 2; part++) {
        INDArray x = part(heads(from, heads, 1, rows), heads, part);
        INDArray dy = part(heads(d, heads, 1, rows), heads, part);
        INDArray weight = w.matrix(2, heads.size()).getRow(part).reshape(1, 1, 1, heads.size());
        INDArray scale = headScale(x, heads);
        INDArray normal = x.mul(scale);
        INDArray product = dy.mul(normal);
        dw.matrix(2, heads.size()).getRow(part).addi(product.sum(0, 1, 2));
        INDArray mean = product.muli(weight).mean(true, 3);
        dy.assign(dy.mul(weight).subi(normal.muli(mean)).muli(scale));
      }
    }
  }

  private static INDArray headScale(INDArray x, AttentionHeads heads) {
    INDArray mean = x.mul(x).mean(true, 3).addi(heads.normEpsilon());
    return Transforms.sqrt(mean, false).rdivi(1);
  }

  @Override
  public void rope(Tensor qkv, AttentionHeads heads, int sequences, int length, boolean backward) {
    try (MemoryWorkspace scope = temporary()) {
      int half = heads.size() / 2;
      int rotated = heads.queriesAndKeys();
      INDArray all = heads(qkv, heads, sequences, length);
      INDArrayIndex some = NDArrayIndex.interval(0, rotated);
      INDArray p = all.get(ALL, ALL, some, NDArrayIndex.interval(0, half));
      INDArray q = all.get(ALL, ALL, some, NDArrayIndex.interval(half, 2 * half));
      double[] cosines = new double[length * half];
      double[] sines = new double[length * half];
      for (int t = 0; t < length; t++) {
        for (int i = 0; i < half; i++) {
          double angle = t * Math.pow(heads.ropeTheta(), -2.0 * i / heads.size());
          cosines[t * half + i] = Math.cos(angle);
          sines[t * half + i] = backward ? -Math.sin(angle) : Math.sin(angle);
        }
      }
      INDArray cos = array(cosines, p.dataType()).reshape(1, length, 1, half);
      INDArray sin = array(sines, p.dataType()).reshape(1, length, 1, half);
      INDArray first = p.mul(cos).subi(q.mul(sin));
      INDArray second = q.mul(cos).addi(p.mul(sin));
      p.assign(first);
      q.assign(second);
    }
  }

  @Override
  public void attention(
      Tensor qkv, Tensor weights, Tensor out, AttentionHeads heads, int sequences, int length) {
    try (MemoryWorkspace scope = temporary()) {
      INDArray q = part(qkv, heads, sequences, length, 0);
      INDArray k = part(qkv, heads, sequences, length, 1);
      INDArray v = part(qkv, heads, sequences, length, 2);
      INDArray scores = Nd4j.matmul(q, k, false, true, false);
      scores.muli(1 / Math.sqrt(heads.size())).addi(future(length, scores.dataType()));
      INDArray softmax =
          weights.matrix((long) sequences * heads.query() * length, length).reshape(scores.shape());
      Nd4j.exec(new SoftMax(scores, softmax, -1));
      INDArray mixed = Nd4j.matmul(softmax, v, false, false, false);
      outHeads(out, heads, sequences, length).assign(perToken(mixed, heads, sequences, length));
    }
  }

  @Override
  public void attentionBackward(
      Tensor dy, Tensor qkv, Tensor w, Tensor dx, AttentionHeads heads, int sequences, int length) {
    try (MemoryWorkspace scope = temporary()) {
      INDArray q = part(qkv, heads, sequences, length, 0);
      INDArray k = part(qkv, heads, sequences, length, 1);
      INDArray v = part(qkv, heads, sequences, length, 2);
      INDArray d = perHead(outHeads(dy, heads, sequences, length));
      INDArray softmax =
          w.matrix((long) sequences * heads.query() * length, length)
              .reshape((long) sequences * heads.query(), length, length);
      INDArray dv = Nd4j.matmul(softmax, d, true, false, false);
      INDArray dWeights = Nd4j.matmul(d, v, false, true, false);
      INDArray sums = dWeights.mul(softmax).sum(true, 2);
      INDArray dScores = dWeights.subi(sums).muli(softmax).muli(1 / Math.sqrt(heads.size()));
      INDArray dq = Nd4j.matmul(dScores, k, false, false, false);
      INDArray dk = Nd4j.matmul(dScores, q, true, false, false);
      INDArray all = heads(dx, heads, sequences, length);
      int queries = heads.query();
      int keys = queries + heads.keyValue();
      all.get(ALL, ALL, NDArrayIndex.interval(0, queries), ALL)
          .assign(perToken(dq, heads, sequences, length));
      all.get(ALL, ALL, NDArrayIndex.interval(queries, keys), ALL)
          .assign(sumOfGroups(dk, heads, sequences, length));
      all.get(ALL, ALL, NDArrayIndex.interval(keys, keys + heads.keyValue()), ALL)
          .assign(sumOfGroups(dv, heads, sequences, length));
    }
  }

  /** Returns the heads as a view of shape {@code [sequences, length, heads, size]}. */
  private static INDArray heads(Tensor qkv, AttentionHeads heads, int sequences, int length) {
    return qkv.matrix((long) sequences * length, heads.rowWidth())
        .reshape(sequences, length, heads.query() + 2L * heads.keyValue(), heads.size());
  }

  private static INDArray outHeads(Tensor out, AttentionHeads heads, int sequences, int length) {
    return out.matrix((long) sequences * length, (long) heads.query() * heads.size())
        .reshape(sequences, length, heads.query(), heads.size());
  }

  /**
   * Returns a copy of the queries, keys or values, of shape {@code [sequences·heads, length,
   * size]}. Keys and values are repeated for each query head of their group.
   */
  private static INDArray part(
      Tensor qkv, AttentionHeads heads, int sequences, int length, int which) {
    INDArray some = part(heads(qkv, heads, sequences, length), heads, which);
    if (which == 0 || heads.group() == 1) {
      return perHead(some);
    }
    INDArray repeated =
        Nd4j.createUninitialized(some.dataType(), sequences, length, heads.query(), heads.size());
    for (int h = 0; h < heads.query(); h++) {
      int shared = h / heads.group();
      repeated
          .get(ALL, ALL, NDArrayIndex.interval(h, h + 1), ALL)
          .assign(some.get(ALL, ALL, NDArrayIndex.interval(shared, shared + 1), ALL));
    }
    return perHead(repeated);
  }

  private static INDArray part(INDArray all, AttentionHeads heads, int which) {
    int from = which == 0 ? 0 : heads.query() + (which - 1) * heads.keyValue();
    int count = which == 0 ? heads.query() : heads.keyValue();
    return all.get(ALL, ALL, NDArrayIndex.interval(from, from + count), ALL);
  }

  private static INDArray perHead(INDArray perToken) {
    INDArray permuted = perToken.permute(0, 2, 1, 3).dup('c');
    return permuted.reshape(
        permuted.size(0) * permuted.size(1), permuted.size(2), permuted.size(3));
  }

  private static INDArray perToken(
      INDArray perHead, AttentionHeads heads, int sequences, int length) {
    return perHead
        .dup('c')
        .reshape(sequences, heads.query(), length, heads.size())
        .permute(0, 2, 1, 3);
  }

  private static INDArray sumOfGroups(
      INDArray perHead, AttentionHeads heads, int sequences, int length) {
    return perHead
        .dup('c')
        .reshape(sequences, heads.keyValue(), heads.group(), length, heads.size())
        .sum(2)
        .permute(0, 2, 1, 3);
  }

  /**
   * Returns the causal mask, of shape {@code [1, length, length]}. The mask is 0 for visible
   * positions, and a large negative number for later positions.
   */
  private static INDArray future(int length, DataType type) {
    double[] mask = new double[length * length];
    for (int t = 0; t < length; t++) {
      Arrays.fill(mask, t * length + t + 1, (t + 1) * length, -1e30);
    }
    return array(mask, type).reshape(1, length, length);
  }

  private static INDArray array(double[] values, DataType type) {
    return Nd4j.createFromArray(values).castTo(type);
  }

  @Override
  public void swiglu(Tensor gateUp, Tensor out, int rows, int width) {
    try (MemoryWorkspace scope = temporary()) {
      INDArray gate = half(gateUp, rows, width, 0);
      INDArray up = half(gateUp, rows, width, 1);
      out.matrix(rows, width).assign(Transforms.sigmoid(gate, true).muli(gate).muli(up));
    }
  }

  @Override
  public void swigluBackward(Tensor gateUp, Tensor dOut, Tensor dGateUp, int rows, int width) {
    try (MemoryWorkspace scope = temporary()) {
      INDArray gate = half(gateUp, rows, width, 0);
      INDArray up = half(gateUp, rows, width, 1);
      INDArray d = dOut.matrix(rows, width);
      INDArray sigmoid = Transforms.sigmoid(gate, true);
      INDArray swish = sigmoid.mul(gate);
      half(dGateUp, rows, width, 1).assign(swish.mul(d));
      INDArray slope = sigmoid.rsub(1).muli(swish).addi(sigmoid);
      half(dGateUp, rows, width, 0).assign(slope.muli(up).muli(d));
    }
  }

  private static INDArray half(Tensor pair, int rows, int width, int which) {
    return pair.matrix(rows, 2L * width)
        .get(ALL, NDArrayIndex.interval((long) which * width, (which + 1L) * width));
  }

  @Override
  public void crossEntropy(
      Tensor logits,
      int[] labels,
      int from,
      int rows,
      int vocabulary,
      double scale,
      double[] nats) {
    try (MemoryWorkspace scope = temporary()) {
      INDArray x = logits.matrix(rows, vocabulary);
      INDArray hot = losses(x, labels, from, rows, vocabulary, nats);
      if (scale != 0) {
        Transforms.exp(x, false).subi(hot).muli(scale);
      }
    }
  }

  /** Replaces the logits with log-probabilities, and returns the one-hot encoding of the labels. */
  private static INDArray losses(
      INDArray x, int[] labels, int from, int rows, int vocabulary, double[] nats) {
    x.subi(x.max(true, 1));
    INDArray sums = Transforms.exp(x, true).sum(true, 1);
    x.subi(Transforms.log(sums, false));
    INDArray hot = Nd4j.create(x.dataType(), rows, vocabulary);
    exec(
        DynamicCustomOp.builder("onehot")
            .addInputs(Nd4j.createFromArray(Arrays.copyOfRange(labels, from, from + rows)))
            .addIntegerArguments(-1, vocabulary)
            .addFloatingPointArguments(1.0, 0.0)
            .addOutputs(hot));
    double[] logs = hot.mul(x).sum(1).toDoubleVector();
    for (int i = 0; i < rows; i++) {
      nats[from + i] = -logs[i];
    }
    return hot;
  }

  @Override
  public double sumOfSquares(Tensor of, long length) {
    double norm = of.matrix(1, length).norm2Number().doubleValue();
    return norm * norm;
  }

  @Override
  public void adamW(
      Tensor weights, Tensor gradient, Tensor mean, Tensor square, long length, AdamWStep step) {
    try (MemoryWorkspace scope = temporary()) {
      INDArray w = weights.matrix(1, length);
      INDArray g = gradient.matrix(1, length).mul(step.gradientScale());
      INDArray m = mean.matrix(1, length);
      INDArray v = square.matrix(1, length);
      m.muli(step.beta1()).addi(g.mul(1 - step.beta1()));
      v.muli(step.beta2()).addi(g.mul(g).muli(1 - step.beta2()));
      INDArray root = Transforms.sqrt(v.div(step.correction2()), false).addi(step.epsilon());
      INDArray update = m.div(step.correction1()).divi(root).muli(step.learningRate());
      w.muli(1 - step.learningRate() * step.decay()).subi(update);
    }
  }

  private static INDArray rowsOf(Tensor table, int width) {
    return table.matrix(table.array().length() / width, width);
  }

  private static void exec(DynamicCustomOp.DynamicCustomOpsBuilder op) {
    Nd4j.exec(op.build());
  }

  @Override
  public void close() {
    Nd4j.getWorkspaceManager().destroyAllWorkspacesForCurrentThread();
  }
}
