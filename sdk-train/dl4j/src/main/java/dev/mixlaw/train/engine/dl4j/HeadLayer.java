package dev.mixlaw.train.engine.dl4j;

import dev.mixlaw.train.engine.dl4j.LayerConf.Matrix;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The final norm, the output head and the cross-entropy. The forward and backward passes are
 * computed together, one chunk of rows at a time, because the logits of all rows would be by far
 * the largest buffer of the model. A tied head gets the weights and gradients of the embedding
 * layer from {@link #tie}, because layers cannot share parameters in DL4J.
 */
final class HeadLayer extends DecoderLayer {
  private static final long serialVersionUID = 1;
  private static final String NORM = "norm";
  private static final String HEAD = "lm_head";

  private final transient Buffers buffers;
  private transient @Nullable EmbeddingLayer embedding;
  private transient int[] labels = new int[0];
  private transient double[] nats = new double[0];

  private HeadLayer(NeuralNetConfiguration conf, DataType type, Buffers buffers) {
    super(conf, type);
    this.buffers = buffers;
  }

  static LayerConf conf(Buffers buffers) {
    List<Matrix> matrices = new ArrayList<>();
    matrices.add(new Matrix(NORM, 1, buffers.width()));
    if (!buffers.model.tiedHead()) {
      matrices.add(new Matrix(HEAD, buffers.vocabulary, buffers.width()));
    }
    return new LayerConf("head", matrices, (conf, type) -> new HeadLayer(conf, type, buffers));
  }

  void tie(EmbeddingLayer layer) {
    embedding = layer;
  }

  private Tensor head() {
    return embedding == null ? weight(HEAD) : embedding.weight(EmbeddingLayer.TABLE);
  }

  private Tensor headGradient() {
    return embedding == null ? gradient(HEAD) : embedding.gradient(EmbeddingLayer.TABLE);
  }

  void setLabels(int[] ids, double[] losses) {
    labels = ids;
    nats = losses;
  }

  /** Computes the losses and returns the input, because the logits are not kept. */
  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    run(false);
    return input;
  }

  /**
   * Computes the losses, and the gradients of the losses multiplied by {@link Buffers#rowScale()}.
   */
  @Override
  public Pair<Gradient, INDArray> backpropGradient(
      @Nullable INDArray none, LayerWorkspaceMgr workspaces) {
    Kernels k = buffers.kernels;
    int rows = buffers.rows();
    int width = buffers.width();
    Tensor dx = buffers.gradients().stream();
    run(true);
    k.zero(dx, (long) rows * width);
    k.rmsNormBackward(
        buffers.gradients().norm(),
        buffers.of(input),
        weight(NORM),
        buffers.headScale,
        dx,
        gradient(NORM),
        rows,
        width);
    return result(dx.matrix(rows, width));
  }

  private void run(boolean backward) {
    Kernels k = buffers.kernels;
    int rows = buffers.rows();
    int width = buffers.width();
    int vocabulary = buffers.vocabulary;
    Tensor h = buffers.headNorm;
    Tensor logits = buffers.logits;
    double epsilon = buffers.model.normEpsilon();
    k.rmsNorm(buffers.of(input), weight(NORM), h, buffers.headScale, rows, width, epsilon);
    for (int row = 0; row < rows; row += buffers.chunk) {
      int n = Math.min(buffers.chunk, rows - row);
      Tensor part = h.from((long) row * width);
      k.linear(part, head(), logits, n, width, vocabulary, false);
      k.crossEntropy(logits, labels, row, n, vocabulary, backward ? buffers.rowScale() : 0, nats);
      if (backward) {
        Tensor dh = buffers.gradients().norm().from((long) row * width);
        k.linearWeight(logits, part, headGradient(), n, width, vocabulary);
        k.linearInput(logits, head(), dh, n, width, vocabulary);
      }
    }
  }
}
