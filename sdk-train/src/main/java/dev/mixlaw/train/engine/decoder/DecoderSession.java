package dev.mixlaw.train.engine.decoder;

import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.spi.LanguageModel;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingSession;
import dev.mixlaw.train.engine.loops.AdamW;
import dev.mixlaw.train.engine.weights.Checkpoint;
import dev.mixlaw.train.engine.weights.InitialWeights;
import dev.mixlaw.train.engine.weights.WeightLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

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
  private final List<Decoder> decoders = new ArrayList<>();
  private final float[] readBack;
  private final IntConsumer accumulate = this::accumulate;
  private final IntConsumer reduce = this::reduce;
  private final IntConsumer update = this::update;
  private long steps;
  private @Nullable DecoderModel model;

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
    int rows = memory.part * spec.model().context();
    for (int i = 0; i < device.lanes(); i++) {
      decoders.add(
          new Decoder(
              spec.model(),
              spec.vocabulary(),
              device.kernels(i),
              Parameters.of(memory.weights, memory.layout),
              Parameters.of(memory.gradients.get(i), memory.layout),
              memory.activations.get(i),
              rows));
    }
    readBack = new float[(int) Math.max(memory.nats.get(0).length(), memory.squareSums.length())];
    for (WeightLayout.Tensor t : memory.layout.tensors()) {
      write(memory.weights, t, InitialWeights.of(t, spec.model().layers(), spec.seed()));
    }
    decaying = adamW(0, 0, 1);
    plain = decaying;
  }

  @Override
  public StepResult step(int[] sequences, double learningRate) {
    takeBatch(sequences);
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
    takeBatch(sequences);
    device.onEach(accumulate);
    device.onEach(reduce);
    Map<String, float[]> byTensor = new LinkedHashMap<>();
    for (WeightLayout.Tensor t : memory.layout.tensors()) {
      byTensor.put(t.name(), read(memory.gradients.get(0), t));
    }
    return new Gradients(loss(), byTensor);
  }

  private void takeBatch(int[] sequences) {
    int context = spec.model().context();
    if (sequences.length != spec.batchSequences() * (context + 1)) {
      throw new IllegalArgumentException(
          "a batch is "
              + spec.batchSequences()
              + " sequences of "
              + (context + 1)
              + " ids, not "
              + sequences.length
              + " ids");
    }
    DecoderModel.checkIds(sequences, sequences.length, spec.vocabulary());
    batch = sequences;
  }

  /** A lane's gradients of the batch's mean loss. */
  private void accumulate(int lane) {
    int context = spec.model().context();
    double rowScale = 1.0 / ((double) spec.batchSequences() * context);
    int begin = first(lane, spec.batchSequences());
    int end = first(lane + 1, spec.batchSequences());
    for (int at = begin; at < end; at += memory.part) {
      decoders
          .get(lane)
          .backpropagate(
              batch,
              at,
              Math.min(memory.part, end - at),
              rowScale,
              at == begin,
              memory.nats.get(lane),
              (at - begin) * context);
    }
  }

  private void reduce(int lane) {
    Kernels kernels = device.kernels(lane);
    int end = first(lane + 1, memory.pieces.size());
    for (int i = first(lane, memory.pieces.size()); i < end; i++) {
      SessionMemory.Piece p = memory.pieces.get(i);
      kernels.reduce(p.gradients(), p.length(), memory.squareSums, i);
    }
  }

  private void update(int lane) {
    Kernels kernels = device.kernels(lane);
    int end = first(lane + 1, memory.pieces.size());
    for (int i = first(lane, memory.pieces.size()); i < end; i++) {
      SessionMemory.Piece p = memory.pieces.get(i);
      kernels.adamW(
          p.weights(),
          p.gradients().get(0),
          p.mean(),
          p.square(),
          p.length(),
          memory.squareSums,
          memory.pieces.size(),
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
      device.read(memory.nats.get(lane), readBack, n);
      for (int i = 0; i < n; i++) {
        sum += readBack[i];
      }
    }
    return sum / ((double) spec.batchSequences() * context);
  }

  private double norm() {
    int n = memory.pieces.size();
    device.read(memory.squareSums, readBack, n);
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += readBack[i];
    }
    return Math.sqrt(sum);
  }

  @Override
  public LanguageModel model() {
    if (model == null) {
      model = new DecoderModel(spec, device, memory, decoders);
    }
    return model;
  }

  @Override
  public void save(Path directory) {
    new Checkpoint(spec.model(), spec.vocabulary())
        .save(
            directory,
            new Checkpoint.State(
                steps,
                t -> read(memory.weights, t),
                t -> read(memory.means, t),
                t -> read(memory.squares, t)));
  }

  @Override
  public void load(Path directory) {
    steps =
        new Checkpoint(spec.model(), spec.vocabulary())
            .load(
                directory,
                (t, values) -> write(memory.weights, t, values),
                (t, values) -> write(memory.means, t, values),
                (t, values) -> write(memory.squares, t, values));
  }

  private float[] read(Values flat, WeightLayout.Tensor t) {
    float[] values = new float[Math.toIntExact(t.length())];
    device.read(flat.slice(t.offset(), t.length()), values, values.length);
    return values;
  }

  private void write(Values flat, WeightLayout.Tensor t, float[] values) {
    device.write(values, flat.slice(t.offset(), t.length()), values.length);
  }

  @Override
  public void close() {
    device.close();
    batch = new int[0];
  }
}
