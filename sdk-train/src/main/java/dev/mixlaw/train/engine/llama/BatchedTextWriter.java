package dev.mixlaw.train.engine.llama;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.spi.SamplingModel.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes many texts at once. Each lane has some slots, each slot a text; a round chooses the next
 * token of each text by what the one before gave, and takes it, and of prompts as much as there is
 * room for: lanes wait for each other once a round. A text that is done makes room for the next.
 *
 * <p>What becomes of a text depends on its prompt, its settings and the weights only: not on the
 * texts beside it, nor on slot, lane or their number.
 */
final class BatchedTextWriter {
  private final ModelSpec model;
  private final Device device;
  private final PackedParameters weights;
  private final List<GenerationLane> lanes = new ArrayList<>();
  private final IntConsumer round = lane -> lanes.get(lane).round();

  BatchedTextWriter(ModelSpec model, int vocabulary, Device device, GenerationMemory memory) {
    this.model = model;
    this.device = device;
    weights = memory.packed;
    for (int i = 0; i < device.lanes(); i++) {
      GenerationBuffers buffers = memory.buffers.get(i);
      KvCacheDecoder decoder = new KvCacheDecoder(model, device.kernels(i), weights, buffers);
      lanes.add(new GenerationLane(decoder, buffers, model.context(), vocabulary, device));
    }
  }

  /**
   * Writes texts until there are none; see {@link dev.mixlaw.api.spi.SamplingModel#write}.
   *
   * @param texts of prompts that fit, and settings that are possible
   */
  void write(Supplier<? extends @Nullable Text> texts) {
    weights.pack(device);
    lanes.forEach(GenerationLane::clear);
    while (begin(texts)) {
      device.onEach(round);
      for (GenerationLane lane : lanes) {
        if (lane.diverged()) {
          throw new IllegalStateException("logits are not finite: the model has diverged");
        }
        lane.giveWhatIsDone();
      }
    }
  }

  /** Fills free slots, evenly; whether there is anything to write. */
  private boolean begin(Supplier<? extends @Nullable Text> texts) {
    while (true) {
      GenerationLane least = lanes.get(0);
      for (GenerationLane lane : lanes) {
        least = lane.busy() < least.busy() ? lane : least;
      }
      Text text = least.full() ? null : texts.get();
      if (text == null) {
        return lanes.stream().anyMatch(lane -> lane.busy() > 0);
      }
      least.begin(text);
    }
  }
}
