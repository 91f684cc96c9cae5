package dev.mixlaw.train.engine.dl4j;

import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.spi.LanguageModel;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingSession;
import dev.mixlaw.train.engine.vector.AdamWStep;
import dev.mixlaw.train.engine.weights.Checkpoint;
import dev.mixlaw.train.engine.weights.InitialWeights;
import dev.mixlaw.train.engine.weights.TokenChecks;
import dev.mixlaw.train.engine.weights.WeightLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Trains one decoder. A batch is divided among the networks of the model. Each network processes
 * its sequences in parts that fit into its buffers. The gradients of all networks are then added up
 * in a fixed order. This class updates the weights, because DL4J's updaters support neither
 * decoupled weight decay nor clipping by the global norm.
 */
final class Dl4jSession implements TrainingSession {
  private final SessionSpec spec;
  private final Dl4jModel model;
  private final WeightLayout layout;
  private final INDArray meanArray;
  private final INDArray squareArray;
  private final List<Piece> pieces = new ArrayList<>();
  private long steps;

  /** The parts of the flat arrays that belong to one tensor. */
  private record Piece(
      WeightLayout.Tensor tensor, Tensor weights, Tensor gradient, Tensor mean, Tensor square) {}

  /** Creates a session in single precision, or in double precision for gradient checks. */
  Dl4jSession(SessionSpec spec, DataType type, Supplier<Kernels> kernels) {
    this.spec = spec;
    model = new Dl4jModel(spec, true, type, kernels);
    layout = model.layout();
    meanArray = Nd4j.create(type, 1, layout.size());
    squareArray = Nd4j.create(type, 1, layout.size());
    Tensor weights = new Tensor(model.weights());
    Tensor means = new Tensor(meanArray);
    Tensor squares = new Tensor(squareArray);
    for (WeightLayout.Tensor t : layout.tensors()) {
      pieces.add(
          new Piece(
              t,
              weights.from(t.offset()),
              first().gradient().from(t.offset()),
              means.from(t.offset()),
              squares.from(t.offset())));
      Dl4jModel.write(model.weights(), t, InitialWeights.of(t, spec.model().layers(), spec.seed()));
    }
  }

  private DecoderNetwork first() {
    return model.networks().get(0);
  }

  @Override
  public StepResult step(int[] sequences, double learningRate) {
    double loss = accumulate(sequences);
    Kernels kernels = first().kernels();
    double norm = Math.sqrt(kernels.sumOfSquares(first().gradient(), layout.size()));
    if (Double.isFinite(loss) && Double.isFinite(norm)) {
      update(learningRate, norm, kernels);
    }
    return new StepResult(loss, norm);
  }

  private void update(double learningRate, double norm, Kernels kernels) {
    Recipe recipe = spec.recipe();
    steps++;
    double clip = norm > recipe.clipNorm() ? recipe.clipNorm() / norm : 1;
    for (Piece p : pieces) {
      double decay = p.tensor().decays() ? recipe.weightDecay() : 0;
      kernels.adamW(
          p.weights(),
          p.gradient(),
          p.mean(),
          p.square(),
          p.tensor().length(),
          AdamWStep.of(recipe, learningRate, decay, clip, steps));
    }
  }

  @Override
  public Map<String, float[]> gradients(int[] sequences) {
    accumulate(sequences);
    Map<String, float[]> byTensor = new LinkedHashMap<>();
    INDArray all = first().gradient().array();
    for (WeightLayout.Tensor t : layout.tensors()) {
      byTensor.put(t.name(), Dl4jModel.read(all, t));
    }
    return byTensor;
  }

  /** Computes the gradients of the batch's mean loss in the first network, and returns the loss. */
  private double accumulate(int[] sequences) {
    int batch = TokenChecks.checkBatch(spec, sequences);
    double rowScale = 1.0 / ((double) batch * spec.model().context());
    int part = Dl4jModel.part(spec);
    List<DecoderNetwork> networks = model.networks();
    double[] sums = new double[networks.size()];
    model.onEach(
        worker -> {
          DecoderNetwork network = networks.get(worker);
          network.clearGradient();
          int end = model.first(worker + 1, batch);
          for (int at = model.first(worker, batch); at < end; at += part) {
            sums[worker] += network.accumulate(sequences, at, Math.min(part, end - at), rowScale);
          }
        });
    double sum = sums[0];
    for (int i = 1; i < networks.size(); i++) {
      DecoderNetwork to = first();
      to.kernels().add(networks.get(i).gradient(), to.gradient(), layout.size());
      sum += sums[i];
    }
    return sum * rowScale;
  }

  @Override
  public LanguageModel model() {
    return model;
  }

  @Override
  public void save(Path directory) {
    new Checkpoint(spec.model(), spec.vocabulary())
        .save(
            directory,
            new Checkpoint.State(
                steps,
                t -> Dl4jModel.read(model.weights(), t),
                t -> Dl4jModel.read(meanArray, t),
                t -> Dl4jModel.read(squareArray, t)));
  }

  @Override
  public void load(Path directory) {
    steps =
        new Checkpoint(spec.model(), spec.vocabulary())
            .load(
                directory,
                (t, values) -> Dl4jModel.write(model.weights(), t, values),
                (t, values) -> Dl4jModel.write(meanArray, t, values),
                (t, values) -> Dl4jModel.write(squareArray, t, values));
  }

  @Override
  public void loadModel(Path directory) {
    new Checkpoint(spec.model(), spec.vocabulary())
        .loadModel(directory, (t, values) -> Dl4jModel.write(model.weights(), t, values));
  }

  @Override
  public void close() {
    model.close();
    meanArray.close();
    squareArray.close();
  }
}
