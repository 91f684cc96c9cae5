package dev.mixlaw.train.engine.decoder;

import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.spi.LanguageModel;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.StepProfile;
import dev.mixlaw.api.spi.TrainingSession;
import dev.mixlaw.train.engine.internal.Inputs;
import dev.mixlaw.train.engine.loops.AdamW;
import dev.mixlaw.train.engine.weights.Checkpoint;
import dev.mixlaw.train.engine.weights.InitialWeights;
import dev.mixlaw.train.engine.weights.WeightLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntConsumer;

/**
 * Trains one decoder. A batch is split over the device's lanes; each takes its sequences in parts
 * that fit its activations, and the gradients are added up in a fixed order.
 *
 * <p>A step gives the lanes three jobs: gradients; their sum, with its square by pieces; the
 * update, each lane on its pieces. Nothing is read back before all are given.
 */
final class DecoderSession implements TrainingSession {
  private final SessionSpec spec;
  private final Device device;
  private final SessionMemory memory;
  private final List<SessionMemory.Piece> pieces;
  private final DecoderModel model;
  private final List<Backpropagation> lanes = new ArrayList<>();
  private final float[] readBack;
  private final IntConsumer accumulate = this::accumulate;
  private final IntConsumer reduce = this::reduce;
  private final IntConsumer update = this::update;
  private long steps;

  // What the lanes' jobs work on.
  private int[] batch = new int[0];
  private AdamW decaying;
  private AdamW plain;

  /**
   * @param device its own, closed with it
   */
  DecoderSession(SessionSpec spec, Grain grain, Device device) {
    this.spec = spec;
    this.device = device;
    memory = new SessionMemory(spec, device.lanes(), grain, device);
    pieces = memory.pieces();
    model = new DecoderModel(spec, grain, device, memory.model);
    for (int i = 0; i < device.lanes(); i++) {
      lanes.add(
          new Backpropagation(
              model.decoder(i),
              Parameters.of(memory.gradients.get(i), memory.model.layout),
              memory.activationGradients.get(i)));
    }
    readBack =
        new float[(int) Math.max(memory.model.nats.get(0).length(), memory.squareSums.length())];
    for (WeightLayout.Tensor t : memory.model.layout.tensors()) {
      float[] values = InitialWeights.of(t, spec.model().layers(), spec.seed());
      device.write(memory.model.weights, t, values);
    }
    decaying = adamW(0, 0, 1);
    plain = decaying;
  }

  @Override
  public StepResult step(int[] sequences, double learningRate) {
    Inputs.checkBatch(spec, sequences);
    batch = sequences;
    decaying = adamW(learningRate, spec.recipe().weightDecay(), steps + 1);
    plain = adamW(learningRate, 0, steps + 1);
    device.onEach(accumulate);
    device.onEach(reduce);
    device.onEach(update);
    double loss = loss();
    double norm = norm();
    if (Double.isFinite(norm)) {
      steps++;
    }
    return new StepResult(loss, norm);
  }

  private AdamW adamW(double learningRate, double decay, long step) {
    Recipe recipe = spec.recipe();
    return new AdamW(
        learningRate,
        recipe.beta1(),
        recipe.beta2(),
        recipe.epsilon(),
        decay,
        1,
        1 - Math.pow(recipe.beta1(), (double) step),
        1 - Math.pow(recipe.beta2(), (double) step));
  }

  @Override
  public Gradients gradients(int[] sequences) {
    Inputs.checkBatch(spec, sequences);
    batch = sequences;
    device.onEach(accumulate);
    device.onEach(reduce);
    Map<String, float[]> byTensor = new LinkedHashMap<>();
    for (WeightLayout.Tensor t : memory.model.layout.tensors()) {
      byTensor.put(t.name(), device.read(memory.gradients.get(0), t));
    }
    return new Gradients(loss(), byTensor);
  }

  /** A lane's gradients of the batch's mean loss. */
  private void accumulate(int lane) {
    int context = spec.model().context();
    double rowScale = 1.0 / ((double) spec.batchSequences() * context);
    int begin = first(lane, spec.batchSequences());
    int end = first(lane + 1, spec.batchSequences());
    int part = memory.model.part;
    Values nats = memory.model.nats.get(lane);
    for (int at = begin; at < end; at += part) {
      int n = Math.min(part, end - at);
      lanes.get(lane).run(batch, at, n, rowScale, at == begin, nats, (at - begin) * context);
    }
  }

  private void reduce(int lane) {
    Kernels kernels = device.kernels(lane);
    int end = first(lane + 1, pieces.size());
    for (int i = first(lane, pieces.size()); i < end; i++) {
      SessionMemory.Piece p = pieces.get(i);
      kernels.reduce(p.gradients(), p.length(), memory.squareSums, i);
    }
  }

  private void update(int lane) {
    Kernels kernels = device.kernels(lane);
    int end = first(lane + 1, pieces.size());
    for (int i = first(lane, pieces.size()); i < end; i++) {
      SessionMemory.Piece p = pieces.get(i);
      kernels.adamW(
          p.weights(),
          p.gradients().get(0),
          p.mean(),
          p.square(),
          p.length(),
          memory.squareSums,
          pieces.size(),
          spec.recipe().clipNorm(),
          p.decays() ? decaying : plain);
    }
  }

  private int first(int lane, int count) {
    return device.first(lane, count);
  }

  /** Of the last batch, a token's mean. */
  private double loss() {
    int context = spec.model().context();
    double sum = 0;
    for (int lane = 0; lane < device.lanes(); lane++) {
      int n =
          (first(lane + 1, spec.batchSequences()) - first(lane, spec.batchSequences())) * context;
      device.read(memory.model.nats.get(lane), readBack, n);
      for (int i = 0; i < n; i++) {
        sum += readBack[i];
      }
    }
    return sum / ((double) spec.batchSequences() * context);
  }

  private double norm() {
    int n = pieces.size();
    device.read(memory.squareSums, readBack, n);
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += readBack[i];
    }
    return Math.sqrt(sum);
  }

  @Override
  public LanguageModel model() {
    return model;
  }

  @Override
  public Optional<StepProfile> profile() {
    int chunk = memory.model.activations.get(0).chunk;
    return device.profile().map(p -> new SessionProfile(spec, device, p, memory.model.part, chunk));
  }

  @Override
  public void save(Path directory) {
    new Checkpoint(spec.model(), spec.vocabulary())
        .save(
            directory,
            new Checkpoint.State(
                steps,
                t -> device.read(memory.model.weights, t),
                t -> device.read(memory.means, t),
                t -> device.read(memory.squares, t)));
  }

  @Override
  public void load(Path directory) {
    steps =
        new Checkpoint(spec.model(), spec.vocabulary())
            .load(
                directory,
                (t, values) -> device.write(memory.model.weights, t, values),
                (t, values) -> device.write(memory.means, t, values),
                (t, values) -> device.write(memory.squares, t, values));
  }

  @Override
  public void close() {
    device.close();
    batch = new int[0];
  }
}
