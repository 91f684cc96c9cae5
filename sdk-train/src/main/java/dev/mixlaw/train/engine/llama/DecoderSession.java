package dev.mixlaw.train.engine.llama;

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
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Trains one decoder. A batch is split over the device's lanes; each takes its sequences in parts
 * that fit its activations, and the gradients are added up in a fixed order.
 *
 * <p>A step gives the lanes three jobs: gradients; their sum, with its square by pieces; the
 * update, each lane on its pieces. What they leave to be read is waited for when it is asked for,
 * or its place is needed by the next step but one.
 */
final class DecoderSession implements TrainingSession {
  private final SessionSpec spec;
  private final Device device;
  private final TrainingMemory memory;
  private final List<TrainingMemory.Piece> pieces;
  private final DecoderModel model;
  private final List<BackwardPass> lanes = new ArrayList<>();
  private final StepReadback[] reports = new StepReadback[2];

  /** By report: the step whose result it holds, or nobody has asked for yet. */
  private final @Nullable Begun[] begun = new Begun[reports.length];

  private final IntConsumer accumulate = this::accumulate;
  private final IntConsumer reduce = this::reduce;
  private final IntConsumer update = this::update;
  private long steps;
  private int turn;

  // What the lanes' jobs work on.
  private int[] batch = new int[0];
  private AdamWStep decaying;
  private AdamWStep plain;

  /**
   * @param device its own, closed with it
   */
  DecoderSession(SessionSpec spec, TileSizes grain, Recomputation kept, Device device) {
    this.spec = spec;
    this.device = device;
    memory = new TrainingMemory(spec, device.lanes(), kept, grain, device);
    pieces = memory.pieces();
    model = new DecoderModel(spec, grain, device, memory.model);
    for (int i = 0; i < device.lanes(); i++) {
      lanes.add(
          new BackwardPass(
              model.decoder(i),
              Parameters.of(memory.gradients.get(i), memory.model.layout),
              memory.activationGradients.get(i)));
    }
    for (int i = 0; i < reports.length; i++) {
      reports[i] = new StepReadback(spec, device, memory, pieces.size());
    }
    for (WeightLayout.Tensor t : memory.model.layout.tensors()) {
      for (WeightLayout.Tensor part : t.parts()) {
        float[] values = InitialWeights.of(part, spec.model().layers(), spec.seed());
        device.write(memory.model.weights, part, values);
      }
    }
    decaying = adamW(0, 0, 1);
    plain = decaying;
  }

  /** A step on the device, or its result. */
  private final class Begun implements Supplier<StepResult> {
    private final StepReadback report;
    private @Nullable StepResult result;

    private Begun(StepReadback report) {
      this.report = report;
    }

    @Override
    public StepResult get() {
      if (result == null) {
        result = report.await();
        if (!Double.isFinite(result.gradientNorm())) {
          steps--; // the device has left everything as it was
        }
      }
      return result;
    }
  }

  @Override
  public StepResult step(int[] sequences, double learningRate) {
    return begin(sequences, learningRate).get();
  }

  @Override
  public Supplier<StepResult> begin(int[] sequences, double learningRate) {
    TokenChecks.checkBatch(spec, sequences);
    turn = (turn + 1) % reports.length;
    settle(turn);
    batch = sequences;
    decaying = adamW(learningRate, spec.recipe().weightDecay(), steps + 1);
    plain = adamW(learningRate, 0, steps + 1);
    device.onEach(accumulate);
    device.onEach(reduce);
    device.onEach(update);
    reports[turn].fetch();
    steps++;
    Begun now = new Begun(reports[turn]);
    begun[turn] = now;
    return now;
  }

  /** Waits for a step, so that another can use its report. */
  private void settle(int report) {
    Begun earlier = begun[report];
    if (earlier != null) {
      begun[report] = null;
      earlier.get();
    }
  }

  private void settle() {
    for (int i = 1; i <= reports.length; i++) {
      settle((turn + i) % reports.length);
    }
  }

  private AdamWStep adamW(double learningRate, double decay, long step) {
    Recipe recipe = spec.recipe();
    return new AdamWStep(
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
    TokenChecks.checkBatch(spec, sequences);
    settle();
    batch = sequences;
    device.onEach(accumulate);
    device.onEach(reduce);
    reports[turn].fetch();
    Map<String, float[]> byTensor = new LinkedHashMap<>();
    for (WeightLayout.Tensor t : memory.model.layout.tensors()) {
      byTensor.put(t.name(), device.read(memory.gradients.get(0), t));
    }
    return new Gradients(reports[turn].await().loss(), byTensor);
  }

  /** A lane's gradients of the batch's mean loss. */
  private void accumulate(int lane) {
    int context = spec.model().context();
    double rowScale = 1.0 / ((double) spec.batchSequences() * context);
    int begin = first(lane, spec.batchSequences());
    int end = first(lane + 1, spec.batchSequences());
    int part = memory.model.part;
    DeviceFloats nats = memory.model.nats.get(lane);
    for (int at = begin; at < end; at += part) {
      int n = Math.min(part, end - at);
      lanes.get(lane).run(batch, at, n, rowScale, at == begin, nats, (at - begin) * context);
    }
  }

  private void reduce(int lane) {
    DeviceKernels kernels = device.kernels(lane);
    int end = first(lane + 1, pieces.size());
    for (int i = first(lane, pieces.size()); i < end; i++) {
      TrainingMemory.Piece p = pieces.get(i);
      kernels.reduce(p.gradients(), p.length(), memory.squareSums, i);
    }
  }

  private void update(int lane) {
    DeviceKernels kernels = device.kernels(lane);
    int end = first(lane + 1, pieces.size());
    for (int i = first(lane, pieces.size()); i < end; i++) {
      TrainingMemory.Piece p = pieces.get(i);
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

  @Override
  public LanguageModel model() {
    return model;
  }

  @Override
  public void save(Path directory) {
    settle();
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
    settle();
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
