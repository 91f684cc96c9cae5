package dev.mixlaw.train.engine.dl4j;

import dev.mixlaw.train.engine.dl4j.LayerConf.Matrix;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/**
 * The final norm, the output head and the cross-entropy. The forward and backward passes are
 * computed together, one chunk of rows after the other, because the logits of all rows would be by
 * far the largest buffer of the model.
 *
 * <p>A tied head uses the embedding layer's weights and gradients. It receives them through {@link
 * #tie}, because DL4J does not support sharing parameters between layers.
 */
final class HeadLayer extends DecoderLayer implements IOutputLayer {
  private static final long serialVersionUID = 1;
  private static final String NORM = "norm";
  private static final String HEAD = "lm_head";

  private final transient Buffers buffers;
  private transient @Nullable EmbeddingLayer embedding;
  private transient @Nullable INDArray labels;
  private transient double sum;

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

  /**
   * Computes the gradients of the mean loss for a part of a batch. Each row has the weight {@link
   * Buffers#rowScale()}.
   */
  @Override
  public Pair<Gradient, INDArray> backpropGradient(
      @Nullable INDArray none, LayerWorkspaceMgr workspaces) {
    Kernels k = buffers.kernels;
    int rows = buffers.rows();
    int width = buffers.width();
    int vocabulary = buffers.vocabulary;
    int[] targets = labels.toIntVector();
    double[] nats = new double[rows];
    Tensor x = buffers.of(input);
    Tensor h = buffers.headNorm;
    Tensor dh = buffers.gradients().norm();
    Tensor logits = buffers.logits;
    Tensor dx = buffers.gradients().stream();

    k.rmsNorm(x, weight(NORM), h, buffers.headScale, rows, width, buffers.model.normEpsilon());
    for (int row = 0; row < rows; row += buffers.chunk) {
      int n = Math.min(buffers.chunk, rows - row);
      Tensor part = h.from((long) row * width);
      k.linear(part, head(), logits, n, width, vocabulary, false);
      k.crossEntropy(logits, targets, row, n, vocabulary, buffers.rowScale(), nats);
      k.linearWeight(logits, part, headGradient(), n, width, vocabulary);
      k.linearInput(logits, head(), dh.from((long) row * width), n, width, vocabulary);
    }
    k.zero(dx, (long) rows * width);
    k.rmsNormBackward(dh, x, weight(NORM), buffers.headScale, dx, gradient(NORM), rows, width);
    sum = sum(nats, rows);
    return result(dx.matrix(rows, width));
  }

  /**
   * Computes the losses of the rows that were set with {@link #setInput} and {@link #setLabels},
   * without gradients.
   */
  void losses(double[] nats) {
    Kernels k = buffers.kernels;
    int rows = buffers.rows();
    int width = buffers.width();
    int[] targets = labels.toIntVector();
    Tensor h = buffers.headNorm;
    k.rmsNorm(
        buffers.of(input),
        weight(NORM),
        h,
        buffers.headScale,
        rows,
        width,
        buffers.model.normEpsilon());
    for (int row = 0; row < rows; row += buffers.chunk) {
      int n = Math.min(buffers.chunk, rows - row);
      Tensor part = h.from((long) row * width);
      k.linear(part, head(), buffers.logits, n, width, buffers.vocabulary, false);
      k.losses(buffers.logits, targets, row, n, buffers.vocabulary, nats);
    }
  }

  private static double sum(double[] nats, int rows) {
    double total = 0;
    for (int i = 0; i < rows; i++) {
      total += nats[i];
    }
    return total;
  }

  /** Returns the sum of the losses on all rows in the last backward pass, in nats. */
  @Override
  public double computeScore(
      double regularization, boolean training, LayerWorkspaceMgr workspaces) {
    return sum;
  }

  @Override
  public boolean needsLabels() {
    return true;
  }

  @Override
  public void setLabels(INDArray ids) {
    labels = ids;
  }

  @Override
  public @Nullable INDArray getLabels() {
    return labels;
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    throw unsupported();
  }

  @Override
  public INDArray computeScoreForExamples(double regularization, LayerWorkspaceMgr workspaces) {
    throw unsupported();
  }

  @Override
  public double f1Score(DataSet data) {
    throw unsupported();
  }

  @Override
  public double f1Score(INDArray examples, INDArray ids) {
    throw unsupported();
  }

  @Override
  @Deprecated
  public int numLabels() {
    return buffers.vocabulary;
  }

  @Override
  public void fit(DataSetIterator data) {
    throw unsupported();
  }

  @Override
  public int[] predict(INDArray examples) {
    throw unsupported();
  }

  @Override
  public List<String> predict(DataSet data) {
    throw unsupported();
  }

  @Override
  public void fit(INDArray examples, INDArray ids) {
    throw unsupported();
  }

  @Override
  public void fit(DataSet data) {
    throw unsupported();
  }

  @Override
  public void fit(INDArray examples, int[] ids) {
    throw unsupported();
  }

  private static UnsupportedOperationException unsupported() {
    return new UnsupportedOperationException(
        "not supported: the head of a language model does not classify examples");
  }
}
