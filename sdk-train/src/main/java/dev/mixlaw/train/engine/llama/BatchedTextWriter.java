package dev.mixlaw.train.engine.llama;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.spi.SamplingModel.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Generates many texts concurrently with continuous batching. Each lane has a fixed number of
 * slots, and each slot holds one text. In a round, each lane samples the next token of each of its
 * texts, and then processes these tokens and parts of new prompts. All lanes finish a round before
 * the next round begins. When a text is finished, its slot is used for a new text.
 *
 * <p>The generated text depends only on the prompt, the settings and the weights. It does not
 * depend on the other texts, the slot or the number of lanes.
 */
final class BatchedTextWriter {
  private final Device device;
  private final Parameters weights;
  private final List<GenerationLane> lanes = new ArrayList<>();
  private final IntConsumer round = lane -> lanes.get(lane).round();

  BatchedTextWriter(ModelSpec model, int vocabulary, Device device, GenerationMemory memory) {
    this.device = device;
    weights = memory.packed;
    for (int i = 0; i < device.lanes(); i++) {
      GenerationBuffers buffers = memory.buffers.get(i);
      KvCacheDecoder decoder = new KvCacheDecoder(model, device.kernels(i), weights, buffers);
      lanes.add(new GenerationLane(decoder, buffers, model.context(), vocabulary, device));
    }
  }

  /**
   * Generates texts until the supplier returns null; see {@link
   * dev.mixlaw.api.spi.SamplingModel#write}.
   *
   * @param texts the texts; the caller must have checked their prompts and settings
   * @throws IllegalStateException if a logit is not finite
   */
  void write(Supplier<? extends @Nullable Text> texts) {
    weights.pack(device);
    lanes.forEach(GenerationLane::clear);
    while (fillSlots(texts)) {
      device.onEach(round);
      for (GenerationLane lane : lanes) {
        if (lane.diverged()) {
          throw new IllegalStateException("logits are not finite: the model has diverged");
        }
        lane.deliverFinished();
      }
    }
  }

  /** Distributes new texts evenly among the lanes. Returns whether any slot is in use. */
  private boolean fillSlots(Supplier<? extends @Nullable Text> texts) {
    while (true) {
      GenerationLane least = lanes.get(0);
      for (GenerationLane lane : lanes) {
        least = lane.active() < least.active() ? lane : least;
      }
      Text text = least.full() ? null : texts.get();
      if (text == null) {
        return lanes.stream().anyMatch(lane -> lane.active() > 0);
      }
      least.add(text);
    }
  }
}
