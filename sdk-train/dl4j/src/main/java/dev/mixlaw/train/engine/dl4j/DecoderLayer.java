package dev.mixlaw.train.engine.dl4j;

import java.util.HashMap;
import java.util.Map;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A layer of the decoder, whose input and output have the shape {@code [sequences·length, width]}.
 * Unlike DL4J's own layers, the backward pass adds to the existing gradients, so that a batch can
 * be processed in parts. {@link DecoderNetwork} zeroes the gradients once per step.
 */
abstract class DecoderLayer extends BaseLayer<LayerConf> {
  private static final long serialVersionUID = 1;

  private final transient Map<String, Tensor> weights = new HashMap<>();
  private final transient Map<String, Tensor> gradients = new HashMap<>();

  DecoderLayer(NeuralNetConfiguration conf, DataType type) {
    super(conf, type);
  }

  @Override
  public boolean isPretrainLayer() {
    return false;
  }

  @Override
  public void clearNoiseWeightParams() {}

  @Override
  public void setParamTable(Map<String, INDArray> table) {
    super.setParamTable(table);
    table.forEach((key, array) -> weights.put(key, new Tensor(array)));
  }

  @Override
  public void setBackpropGradientsViewArray(INDArray flat) {
    super.setBackpropGradientsViewArray(flat);
    gradientViews.forEach((key, array) -> gradients.put(key, new Tensor(array)));
  }

  final Tensor weight(String key) {
    return weights.get(key);
  }

  final Tensor gradient(String key) {
    return gradients.get(key);
  }

  final Pair<Gradient, INDArray> result(INDArray inputGradient) {
    return new Pair<>(new DefaultGradient(gradientsFlattened), inputGradient);
  }
}
