package dev.mixlaw.train.engine.dl4j;

import dev.mixlaw.api.ModelSpec;
import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A decoder as a Deeplearning4j network of an embedding, blocks and a head. A network computes
 * losses and gradients for a few sequences at a time, and does not update the weights. Workspaces
 * are disabled, because the layers write to {@link Buffers} that are allocated once. Networks are
 * not thread-safe, but several networks may share weights as long as the weights do not change.
 */
final class DecoderNetwork implements AutoCloseable {
  private static final LayerWorkspaceMgr NONE = LayerWorkspaceMgr.noWorkspaces();

  final Buffers buffers;
  private final MultiLayerNetwork network;
  private final HeadLayer head;
  private final @Nullable Tensor gradient;

  /**
   * Creates a network that uses the given weights, in the order of {@link
   * dev.mixlaw.train.engine.weights.WeightLayout}, without copying them. A pass has at most {@code
   * capacity} sequences.
   */
  DecoderNetwork(
      ModelSpec model,
      int vocabulary,
      int capacity,
      boolean trained,
      INDArray weights,
      Kernels kernels) {
    buffers = new Buffers(model, vocabulary, capacity, trained, weights.dataType(), kernels);
    NeuralNetConfiguration.ListBuilder list =
        new NeuralNetConfiguration.Builder()
            .miniBatch(false)
            .dataType(weights.dataType())
            .trainingWorkspaceMode(WorkspaceMode.NONE)
            .inferenceWorkspaceMode(WorkspaceMode.NONE)
            .list()
            .layer(EmbeddingLayer.conf(buffers));
    for (int i = 0; i < model.layers(); i++) {
      list.layer(BlockLayer.conf(buffers, i));
    }
    network = new MultiLayerNetwork(list.layer(HeadLayer.conf(buffers)).build());
    network.init(weights, false);
    if (trained) {
      network.initGradientsView();
    }
    gradient = trained ? new Tensor(network.getGradientsViewArray()) : null;
    head = (HeadLayer) network.getLayer(model.layers() + 1);
    if (model.tiedHead()) {
      head.tie((EmbeddingLayer) network.getLayer(0));
    }
  }

  Kernels kernels() {
    return buffers.kernels;
  }

  Tensor gradient() {
    return Objects.requireNonNull(gradient, "the network was created without gradients");
  }

  /** Returns a layer. Layer 0 is the embedding, and the last layer is the head. */
  Layer layer(int index) {
    return network.getLayer(index);
  }

  void clearGradient() {
    kernels().zero(gradient(), gradient().array().length());
  }

  /**
   * Adds the gradients of {@code rowScale} times the sum of the losses. Returns the sum of the
   * losses in nats.
   *
   * @param ids the token ids, in row-major order, of shape {@code [.., context + 1]}
   */
  double accumulate(int[] ids, int from, int sequences, double rowScale) {
    double[] nats = new double[sequences * buffers.model.context()];
    forward(ids, from, sequences, buffers.model.context(), rowScale, nats);
    INDArray gradientOfRows = null;
    for (int i = network.getnLayers() - 1; i >= 0; i--) {
      gradientOfRows = network.getLayer(i).backpropGradient(gradientOfRows, NONE).getSecond();
    }
    double sum = 0;
    for (double loss : nats) {
      sum += loss;
    }
    return sum;
  }

  /**
   * Computes the loss on each token with a forward pass only.
   *
   * @param nats receives the losses, of shape {@code [sequences, length]}
   */
  void losses(int[] ids, int from, int sequences, int length, double[] nats) {
    forward(ids, from, sequences, length, 0, nats);
    head.activate(false, NONE);
  }

  /** Computes all layers except the head, and passes the result and the labels to the head. */
  private void forward(
      int[] ids, int from, int sequences, int length, double rowScale, double[] nats) {
    buffers.shape(sequences, length, rowScale);
    try (INDArray input = Nd4j.createFromArray(column(ids, from, sequences, length, 0))) {
      INDArray rows = input;
      for (int i = 0; i < network.getnLayers() - 1; i++) {
        rows = network.getLayer(i).activate(rows, false, NONE);
      }
      head.setInput(rows, NONE);
      head.setLabels(column(ids, from, sequences, length, 1), nats);
    }
  }

  private static int[] column(int[] ids, int from, int sequences, int length, int shift) {
    int[] column = new int[sequences * length];
    for (int s = 0; s < sequences; s++) {
      System.arraycopy(ids, (from + s) * (length + 1) + shift, column, s * length, length);
    }
    return column;
  }

  @Override
  public void close() {
    if (gradient != null) {
      gradient.array().close();
    }
    buffers.close();
  }
}
