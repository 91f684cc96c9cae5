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
 * A training session of one decoder on one device.
 *
 * <p>The batch is divided among the lanes of the device. A training step consists of three jobs,
 * each run by all lanes:
 *
 * <ol>
 *   <li>{@link #accumulate}: Each lane computes the gradients of its sequences, one micro-batch
 *       after the other, with a {@link ForwardPass} and a {@link LossAndGradients}.
 *   <li>{@link #reduce}: Each lane takes some pieces of the gradient, adds up each piece over all
 *       lanes in a fixed order, and computes its squared norm.
 *   <li>{@link #update}: Each lane clips by the global norm and updates its pieces of the weights
 *       with AdamW.
 * </ol>
 *
 * <p>A {@link StepReadback} copies the loss and the gradient norm to the host. Two steps can be in
 * flight. The session waits for the result of a step when the caller requests it, or when a later
 * step needs the same readback buffer.
 */
final class DecoderSession implements TrainingSession {
  private final SessionSpec spec;
  private final Device device;
  private final TrainingMemory memory;
  private final List<DeviceKernels.Piece> pieces;
  private final DecoderModel model;
  private final List<LossAndGradients> lanes = new ArrayList<>();
  private final StepReadback[] readbacks = new StepReadback[2];

  /** The pending step of each readback, or null if the caller has read the result of that step. */
  private final @Nullable StepInFlight[] inFlight = new StepInFlight[readbacks.length];

  private final IntConsumer accumulate = this::accumulate;
  private final IntConsumer reduce = this::reduce;
  private final IntConsumer update = this::update;
  private long steps;
  private int turn;

  // The token ids of the current batch.
  private int[] batch = new int[0];
  private int count;
  private AdamWStep decaying;
  private AdamWStep plain;

  /** Opens a session with initial weights. The session owns the device and closes it. */
  DecoderSession(SessionSpec spec, TileSizes tiles, Recomputation recomputation, Device device) {
    this.spec = spec;
    this.device = device;
    memory = new TrainingMemory(spec, device.lanes(), recomputation, tiles, device);
    pieces = memory.pieces();
    model = new DecoderModel(spec, tiles, device, memory.model);
    for (int i = 0; i < device.lanes(); i++) {
      lanes.add(
          new LossAndGradients(
              model.forward(i),
              Parameters.of(memory.gradients.get(i), spec.model(), memory.model.layout, null),
              memory.activationGradients.get(i)));
    }
    for (int i = 0; i < readbacks.length; i++) {
      readbacks[i] = new StepReadback(spec, device, memory, pieces.size());
    }
    for (WeightLayout.Tensor t : memory.model.layout.tensors()) {
      for (WeightLayout.Tensor part : t.parts()) {
        float[] values = InitialWeights.of(part, spec.model().layers(), spec.seed());
        device.write(memory.model.weights, part, values);
      }
    }
    decaying = AdamWStep.of(spec.recipe(), 0, 0, 1, 1);
    plain = decaying;
  }

  private final class StepInFlight implements Supplier<StepResult> {
    private final StepReadback readback;
    private @Nullable StepResult result;

    private StepInFlight(StepReadback readback) {
      this.readback = readback;
    }

    @Override
    public StepResult get() {
      if (result == null) {
        result = readback.await();
        if (!Double.isFinite(result.gradientNorm())) {
          steps--; // the device has skipped the update
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
    count = TokenChecks.checkBatch(spec, sequences);
    turn = (turn + 1) % readbacks.length;
    finish(turn);
    batch = sequences;
    Recipe recipe = spec.recipe();
    decaying = AdamWStep.of(recipe, learningRate, recipe.weightDecay(), 1, steps + 1);
    plain = AdamWStep.of(recipe, learningRate, 0, 1, steps + 1);
    device.onEach(accumulate);
    device.onEach(reduce);
    device.onEach(update);
    readbacks[turn].start(count);
    steps++;
    StepInFlight now = new StepInFlight(readbacks[turn]);
    inFlight[turn] = now;
    return now;
  }

  /** Waits for the step that uses a readback, so that the readback can be used again. */
  private void finish(int readback) {
    StepInFlight earlier = inFlight[readback];
    if (earlier != null) {
      inFlight[readback] = null;
      earlier.get();
    }
  }

  private void finishAll() {
    for (int i = 1; i <= readbacks.length; i++) {
      finish((turn + i) % readbacks.length);
    }
  }

  @Override
  public Map<String, float[]> gradients(int[] sequences) {
    count = TokenChecks.checkBatch(spec, sequences);
    finishAll();
    batch = sequences;
    device.onEach(accumulate);
    device.onEach(reduce);
    readbacks[turn].start(count);
    Map<String, float[]> byTensor = new LinkedHashMap<>();
    for (WeightLayout.Tensor t : memory.model.layout.tensors()) {
      byTensor.put(t.name(), device.read(memory.gradients.get(0), t));
    }
    readbacks[turn].await();
    return byTensor;
  }

  private void accumulate(int lane) {
    int context = spec.model().context();
    double rowScale = 1.0 / ((double) count * context);
    int begin = first(lane, count);
    int end = first(lane + 1, count);
    if (begin == end) { // fewer sequences than lanes
      device.kernels(lane).zero(memory.gradients.get(lane), memory.model.layout.size());
    }
    int microBatch = memory.model.microBatch;
    Floats nats = memory.model.nats.get(lane);
    for (int at = begin; at < end; at += microBatch) {
      int n = Math.min(microBatch, end - at);
      lanes.get(lane).run(batch, at, n, rowScale, at == begin, nats, (at - begin) * context);
    }
  }

  private void reduce(int lane) {
    DeviceKernels kernels = device.kernels(lane);
    int end = first(lane + 1, pieces.size());
    for (int i = first(lane, pieces.size()); i < end; i++) {
      DeviceKernels.Piece p = pieces.get(i);
      kernels.reduce(p.gradients(), p.weights().length(), memory.squareSums, i);
    }
  }

  private void update(int lane) {
    DeviceKernels kernels = device.kernels(lane);
    int end = first(lane + 1, pieces.size());
    for (int i = first(lane, pieces.size()); i < end; i++) {
      DeviceKernels.Piece p = pieces.get(i);
      AdamWStep step = p.decays() ? decaying : plain;
      kernels.adamW(p, memory.squareSums, spec.recipe().clipNorm(), step);
    }
  }

  private int first(int lane, int items) {
    return device.first(lane, items);
  }

  @Override
  public LanguageModel model() {
    return model;
  }

  @Override
  public void save(Path directory) {
    finishAll();
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
    finishAll();
    steps =
        new Checkpoint(spec.model(), spec.vocabulary())
            .load(
                directory,
                (t, values) -> device.write(memory.model.weights, t, values),
                (t, values) -> device.write(memory.means, t, values),
                (t, values) -> device.write(memory.squares, t, values));
  }

  @Override
  public void loadModel(Path directory) {
    finishAll();
    new Checkpoint(spec.model(), spec.vocabulary())
        .loadModel(directory, (t, values) -> device.write(memory.model.weights, t, values));
  }

  @Override
  public void close() {
    device.close();
    batch = new int[0];
  }
}
