package dev.mixlaw.train.engine.dl4j;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.regularization.Regularization;

/**
 * The configuration of a Deeplearning4j layer: its parameters and a factory that creates the layer.
 * A configuration has no JSON form, because networks are rebuilt from the model's shape and weights
 * are stored as safetensors.
 */
@SuppressWarnings("serial")
final class LayerConf extends BaseLayer {
  private static final long serialVersionUID = 1;

  private final transient List<Matrix> matrices;
  private final transient Factory factory;

  record Matrix(String key, int rows, int columns) {
    long length() {
      return (long) rows * columns;
    }
  }

  interface Factory {
    DecoderLayer make(NeuralNetConfiguration conf, DataType type);
  }

  LayerConf(String name, List<Matrix> matrices, Factory factory) {
    this.matrices = matrices;
    this.factory = factory;
    setLayerName(name);
    // Dl4jSession updates the weights, so DL4J's updater is never called.
    setIUpdater(new NoOp());
  }

  @Override
  public Layer instantiate(
      NeuralNetConfiguration conf,
      Collection<TrainingListener> listeners,
      int index,
      INDArray parameters,
      boolean initialize,
      DataType type) {
    DecoderLayer layer = factory.make(conf, type);
    layer.setListeners(listeners);
    layer.setIndex(index);
    layer.setParamsViewArray(parameters);
    layer.setParamTable(initializer().init(conf, parameters, initialize));
    layer.setConf(conf);
    return layer;
  }

  @Override
  public ParamInitializer initializer() {
    return new Slices(matrices);
  }

  @Override
  public InputType getOutputType(int index, InputType input) {
    return input;
  }

  @Override
  public void setNIn(InputType input, boolean override) {}

  @Override
  public @Nullable InputPreProcessor getPreProcessorForInputType(InputType input) {
    return null;
  }

  @Override
  public List<Regularization> getRegularizationByParam(String name) {
    return List.of();
  }

  @Override
  public boolean isPretrainParam(String name) {
    return false;
  }

  @Override
  public LayerMemoryReport getMemoryReport(InputType input) {
    throw new UnsupportedOperationException(
        "not supported: use TrainingEngine.cost for the memory of a session");
  }

  private record Slices(List<Matrix> matrices) implements ParamInitializer {
    @Override
    public long numParams(NeuralNetConfiguration conf) {
      return matrices.stream().mapToLong(Matrix::length).sum();
    }

    @Override
    public long numParams(org.deeplearning4j.nn.conf.layers.Layer layer) {
      return matrices.stream().mapToLong(Matrix::length).sum();
    }

    @Override
    public List<String> paramKeys(org.deeplearning4j.nn.conf.layers.Layer layer) {
      return matrices.stream().map(Matrix::key).toList();
    }

    @Override
    public List<String> weightKeys(org.deeplearning4j.nn.conf.layers.Layer layer) {
      return paramKeys(layer);
    }

    @Override
    public List<String> biasKeys(org.deeplearning4j.nn.conf.layers.Layer layer) {
      return List.of();
    }

    @Override
    public boolean isWeightParam(org.deeplearning4j.nn.conf.layers.Layer layer, String key) {
      return true;
    }

    @Override
    public boolean isBiasParam(org.deeplearning4j.nn.conf.layers.Layer layer, String key) {
      return false;
    }

    @Override
    public Map<String, INDArray> init(
        NeuralNetConfiguration conf, INDArray parameters, boolean initialize) {
      matrices.forEach(m -> conf.addVariable(m.key()));
      return getGradientsFromFlattened(conf, parameters);
    }

    @Override
    public Map<String, INDArray> getGradientsFromFlattened(
        NeuralNetConfiguration conf, INDArray flat) {
      Map<String, INDArray> views = new LinkedHashMap<>();
      long at = 0;
      for (Matrix m : matrices) {
        views.put(
            m.key(),
            flat.get(NDArrayIndex.interval(at, at + m.length()))
                .reshape('c', m.rows(), m.columns()));
        at += m.length();
      }
      return views;
    }
  }
}
