package dev.mixlaw.train.engine.dl4j;

import dev.mixlaw.api.spi.LanguageModel;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.train.engine.vector.LaneThreads;
import dev.mixlaw.train.engine.weights.TokenChecks;
import dev.mixlaw.train.engine.weights.WeightLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A decoder with one network per thread. All networks share the weights. The rows of a batch are
 * divided among the networks, which keeps all threads busy even if the operations are too small to
 * be divided.
 */
final class Dl4jModel implements LanguageModel {
  /** Number of rows in a part. Its activations fit in the second-level cache. */
  private static final int PART_ROWS = 512;

  private final SessionSpec spec;
  private final INDArray weights;
  private final List<DecoderNetwork> networks = new ArrayList<>();
  private final LaneThreads threads;
  private boolean closed;

  /** Creates a model in single precision, or in double precision for gradient checks. */
  Dl4jModel(SessionSpec spec, boolean trained, DataType type, Supplier<Kernels> kernels) {
    this.spec = spec;
    weights = Nd4j.create(type, 1, layout().size());
    for (int i = 0; i < workers(spec); i++) {
      networks.add(
          new DecoderNetwork(
              spec.model(), spec.vocabulary(), part(spec), trained, weights, kernels.get()));
    }
    threads = new LaneThreads(networks.size(), "mixlaw-dl4j", () -> {});
  }

  /**
   * Returns the number of threads of a session. It is independent of the batch, so that sums are
   * always added in the same order.
   */
  static int workers(SessionSpec spec) {
    return Math.max(1, spec.threads());
  }

  static int part(SessionSpec spec) {
    int share = (spec.batchSequences() + workers(spec) - 1) / workers(spec);
    return Math.max(1, Math.min(share, sequencesOfAPart(spec.model().context())));
  }

  static int sequencesOfAPart(int context) {
    return Math.max(1, PART_ROWS / context);
  }

  WeightLayout layout() {
    return WeightLayout.of(spec.model(), spec.vocabulary());
  }

  INDArray weights() {
    return weights;
  }

  List<DecoderNetwork> networks() {
    return networks;
  }

  /** Returns the index of the first of {@code count} sequences that a worker processes. */
  int first(int worker, int count) {
    return (int) ((long) worker * count / networks.size());
  }

  void onEach(IntConsumer job) {
    if (closed) {
      throw new IllegalStateException("the session is closed");
    }
    if (networks.size() == 1) {
      job.accept(0);
      return;
    }
    threads.onEach(job);
  }

  @Override
  public int context() {
    return spec.model().context();
  }

  @Override
  public int vocabulary() {
    return spec.vocabulary();
  }

  @Override
  public void losses(int[] ids, int rows, int length, int from, float[] nats) {
    TokenChecks.checkRows(this, ids, rows, length, from, nats);
    int wanted = length - from;
    // Number of sequences whose rows fit in the buffers for full-length sequences.
    int part = part(spec) * context() / length;
    onEach(
        worker -> {
          double[] some = new double[part * length];
          int end = first(worker + 1, rows);
          for (int at = first(worker, rows); at < end; at += part) {
            int n = Math.min(part, end - at);
            networks.get(worker).losses(ids, at, n, length, some);
            for (int r = 0; r < n; r++) {
              for (int t = from; t < length; t++) {
                nats[(at + r) * wanted + t - from] = (float) some[r * length + t];
              }
            }
          }
        });
  }

  static float[] read(INDArray flat, WeightLayout.Tensor tensor) {
    return view(flat, tensor).toFloatVector();
  }

  static void write(INDArray flat, WeightLayout.Tensor tensor, float[] values) {
    try (INDArray from = Nd4j.createFromArray(values)) {
      view(flat, tensor).assign(from);
    }
  }

  private static INDArray view(INDArray flat, WeightLayout.Tensor tensor) {
    return flat.reshape(flat.length())
        .get(NDArrayIndex.interval(tensor.offset(), tensor.offset() + tensor.length()));
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    threads.close();
    networks.forEach(DecoderNetwork::close);
    weights.close();
  }
}
