package dev.mixlaw.train.engine.dl4j;

import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

final class EmbeddingLayer extends DecoderLayer {
  private static final long serialVersionUID = 1;
  static final String TABLE = "table";

  private final transient Buffers buffers;
  private transient int[] ids = new int[0];

  private EmbeddingLayer(NeuralNetConfiguration conf, DataType type, Buffers buffers) {
    super(conf, type);
    this.buffers = buffers;
  }

  static LayerConf conf(Buffers buffers) {
    return new LayerConf(
        "embedding",
        List.of(new LayerConf.Matrix(TABLE, buffers.vocabulary, buffers.width())),
        (conf, type) -> new EmbeddingLayer(conf, type, buffers));
  }

  @Override
  public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
    ids = input.toIntVector();
    Tensor out = buffers.stream(0);
    buffers.kernels.embed(ids, ids.length, weight(TABLE), out, buffers.width());
    return out.matrix(ids.length, buffers.width());
  }

  @Override
  public Pair<Gradient, INDArray> backpropGradient(INDArray dOut, LayerWorkspaceMgr workspaces) {
    buffers.kernels.embedBackward(
        ids, ids.length, buffers.of(dOut), gradient(TABLE), buffers.width());
    return result(null);
  }
}
