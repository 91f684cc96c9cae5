package dev.mixlaw.train.engine.dl4j;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.train.engine.dl4j.LayerConf.Matrix;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A decoder block, which computes {@code m = x + attention(norm(x))} and {@code y = m +
 * swiglu(norm(m))}. A block is a single layer because DL4J's MultiLayerNetwork has no residual
 * connections between layers.
 */
final class BlockLayer extends DecoderLayer {
  private static final long serialVersionUID = 1;
  private static final String NORM_1 = "input_layernorm";
  private static final String HEAD_NORMS = "qk_norm";
  private static final String QKV = "qkv";
  private static final String OUT = "o";
  private static final String NORM_2 = "post_attention_layernorm";
  private static final String GATE_UP = "gate_up";
  private static final String DOWN = "down";

  private final transient Buffers buffers;
  private final transient Buffers.Block own;
  private final transient int number;

  private BlockLayer(NeuralNetConfiguration conf, DataType type, Buffers buffers, int number) {
    super(conf, type);
    this.buffers = buffers;
    this.own = buffers.block(number);
    this.number = number;
  }

  /** Returns the configuration of a block. Adjacent tensors are fused. */
  static LayerConf conf(Buffers buffers, int number) {
    ModelSpec model = buffers.model;
    int width = model.width();
    List<Matrix> matrices = new ArrayList<>();
    matrices.add(new Matrix(NORM_1, 1, width));
    if (model.qkNorm()) {
      matrices.add(new Matrix(HEAD_NORMS, 2, model.headSize()));
    }
    matrices.add(new Matrix(QKV, buffers.heads.rowWidth(), width));
    matrices.add(new Matrix(OUT, width, width));
    matrices.add(new Matrix(NORM_2, 1, width));
    matrices.add(new Matrix(GATE_UP, 2 * model.feedForward(), width));
    matrices.add(new Matrix(DOWN, width, model.feedForward()));
    return new LayerConf(
        "block-" + number, matrices, (conf, type) -> new BlockLayer(conf, type, buffers, number));
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    Kernels k = buffers.kernels;
    int rows = buffers.rows();
    int width = buffers.width();
    int inner = buffers.model.feedForward();
    int qkv = buffers.heads.rowWidth();
    double epsilon = buffers.model.normEpsilon();
    Tensor x = buffers.of(input);
    Tensor y = buffers.stream(number + 1);
    long stream = (long) rows * width;

    k.rmsNorm(x, weight(NORM_1), own.norm1(), own.scale1(), rows, width, epsilon);
    k.linear(own.norm1(), weight(QKV), own.projected(), rows, width, qkv, false);
    if (buffers.model.qkNorm()) {
      k.normalizeHeads(own.projected(), weight(HEAD_NORMS), own.qkv(), buffers.heads, rows);
    }
    k.rope(own.qkv(), buffers.heads, buffers.sequences(), buffers.length(), false);
    k.attention(
        own.qkv(),
        own.softmax(),
        own.attended(),
        buffers.heads,
        buffers.sequences(),
        buffers.length());
    k.copy(x, own.middle(), stream);
    k.linear(own.attended(), weight(OUT), own.middle(), rows, width, width, true);

    k.rmsNorm(own.middle(), weight(NORM_2), own.norm2(), own.scale2(), rows, width, epsilon);
    k.linear(own.norm2(), weight(GATE_UP), own.gateUp(), rows, width, 2 * inner, false);
    k.swiglu(own.gateUp(), own.activated(), rows, inner);
    k.copy(own.middle(), y, stream);
    k.linear(own.activated(), weight(DOWN), y, rows, inner, width, true);
    return y.matrix(rows, width);
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray dOut, LayerWorkspaceMgr workspaces) {
    Kernels k = buffers.kernels;
    Buffers.Gradients g = buffers.gradients();
    int rows = buffers.rows();
    int width = buffers.width();
    int inner = buffers.model.feedForward();
    int qkv = buffers.heads.rowWidth();
    Tensor d = buffers.of(dOut);

    k.linearWeight(d, own.activated(), gradient(DOWN), rows, inner, width);
    k.linearInput(d, weight(DOWN), g.activated(), rows, inner, width);
    k.swigluBackward(own.gateUp(), g.activated(), g.gateUp(), rows, inner);
    k.linearWeight(g.gateUp(), own.norm2(), gradient(GATE_UP), rows, width, 2 * inner);
    k.linearInput(g.gateUp(), weight(GATE_UP), g.norm(), rows, width, 2 * inner);
    k.rmsNormBackward(
        g.norm(), own.middle(), weight(NORM_2), own.scale2(), d, gradient(NORM_2), rows, width);

    k.linearWeight(d, own.attended(), gradient(OUT), rows, width, width);
    k.linearInput(d, weight(OUT), g.norm(), rows, width, width);
    k.attentionBackward(
        g.norm(),
        own.qkv(),
        own.softmax(),
        g.qkv(),
        buffers.heads,
        buffers.sequences(),
        buffers.length());
    k.rope(g.qkv(), buffers.heads, buffers.sequences(), buffers.length(), true);
    if (buffers.model.qkNorm()) {
      k.normalizeHeadsBackward(
          g.qkv(), own.projected(), weight(HEAD_NORMS), gradient(HEAD_NORMS), buffers.heads, rows);
    }
    k.linearWeight(g.qkv(), own.norm1(), gradient(QKV), rows, width, qkv);
    k.linearInput(g.qkv(), weight(QKV), g.norm(), rows, width, qkv);
    k.rmsNormBackward(
        g.norm(),
        buffers.of(input),
        weight(NORM_1),
        own.scale1(),
        d,
        gradient(NORM_1),
        rows,
        width);
    return result(dOut);
  }
}
