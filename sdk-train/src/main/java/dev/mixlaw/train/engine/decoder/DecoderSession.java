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

  // What the lanes' jobs work on.
  private int[] batch = new int[0];
  private AdamW decaying;
  private AdamW plain;

  /**
   * @param device its own, closed with it
   */
  DecoderSession(SessionSpec spec, Device device) {
    this.spec = spec;
    this.device = device;
    memory = new SessionMemory(spec, device.lanes(), device);
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
    checkIds(sequences, sequences.length);
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

  /** First of {@code count} things that is a lane's. */
  private int first(int lane, int count) {
    return (int) ((long) lane * count / device.lanes());
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

  private void checkIds(int[] ids, int count) {
    for (int i = 0; i < count; i++) {
      if (ids[i] < 0 || ids[i] >= spec.vocabulary()) {
        throw new IllegalArgumentException(
            "token id " + ids[i] + " at " + i + " is not in a vocabulary of " + spec.vocabulary());
      }
    }
  }

  @Override
  public LanguageModel model() {
    return new Model();
  }

  private final class Model implements LanguageModel {
    @Override
    public int context() {
      return spec.model().context();
    }

    @Override
    public int vocabulary() {
      return spec.vocabulary();
    }

    @Override
    public void losses(int[] ids, int rows, int length, float[] nats) {
      if (length < 1 || length > context()) {
        throw new IllegalArgumentException(
            length + " tokens a row; 1 to " + context() + " are possible");
      }
      checkIds(ids, rows * (length + 1));
      // As many rows as fit where a part of full sequences does; a round gives each lane so many.
      int part = memory.part * context() / length;
      for (int from = 0; from < rows; from += part * device.lanes()) {
        int first = from;
        int n = Math.min(part * device.lanes(), rows - from);
        device.onEach(
            lane -> {
              int begin = first(lane, n);
              int count = first(lane + 1, n) - begin;
              if (count > 0) {
                decoders
                    .get(lane)
                    .losses(ids, first + begin, count, length, memory.nats.get(lane), 0);
              }
            });
        for (int lane = 0; lane < device.lanes(); lane++) {
          int begin = first(lane, n);
          int values = (first(lane + 1, n) - begin) * length;
          device.read(memory.nats.get(lane), readBack, values);
          System.arraycopy(readBack, 0, nats, (first + begin) * length, values);
        }
      }
    }
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
