package dev.mixlaw.train.engine.decoder;

import dev.mixlaw.api.spi.SamplingModel;
import dev.mixlaw.api.spi.SessionSpec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A session's decoder as others use it: losses in the memory of training, and text. */
final class DecoderModel implements SamplingModel {
  private final SessionSpec spec;
  private final Device device;
  private final SessionMemory memory;
  private final List<Decoder> decoders;
  private final float[] readBack;
  private @Nullable TextWriter writer;

  DecoderModel(SessionSpec spec, Device device, SessionMemory memory, List<Decoder> decoders) {
    this.spec = spec;
    this.device = device;
    this.memory = memory;
    this.decoders = decoders;
    readBack = new float[(int) memory.nats.get(0).length()];
  }

  @Override
  public int context() {
    return spec.model().context();
  }

  @Override
  public int vocabulary() {
    return spec.vocabulary();
  }

  static void checkIds(int[] ids, int count, int vocabulary) {
    for (int i = 0; i < count; i++) {
      if (ids[i] < 0 || ids[i] >= vocabulary) {
        throw new IllegalArgumentException(
            "token id " + ids[i] + " at " + i + " is not in a vocabulary of " + vocabulary);
      }
    }
  }

  @Override
  public void losses(int[] ids, int rows, int length, float[] nats) {
    checkLength(length);
    checkIds(ids, rows * (length + 1), vocabulary());
    // As many rows as fit where a part of full sequences does; a round gives each lane so many.
    int round = memory.part * context() / length * device.lanes();
    for (int from = 0; from < rows; from += round) {
      int first = from;
      int n = Math.min(round, rows - from);
      device.onEach(
          lane -> {
            int begin = device.first(lane, n);
            int count = device.first(lane + 1, n) - begin;
            if (count > 0) {
              Values to = memory.nats.get(lane);
              decoders.get(lane).losses(ids, first + begin, count, length, to, 0);
            }
          });
      for (int lane = 0; lane < device.lanes(); lane++) {
        int begin = device.first(lane, n);
        int values = (device.first(lane + 1, n) - begin) * length;
        device.read(memory.nats.get(lane), readBack, values);
        System.arraycopy(readBack, 0, nats, (first + begin) * length, values);
      }
    }
  }

  private void checkLength(int length) {
    if (length < 1 || length > context()) {
      throw new IllegalArgumentException(
          length + " tokens a row; 1 to " + context() + " are possible");
    }
  }

  @Override
  public List<int[]> sample(List<int[]> prompts, Sampling how) {
    if (how.maxTokens() < 1
        || !(how.temperature() >= 0 && how.temperature() < Double.POSITIVE_INFINITY)
        || !(how.topP() > 0 && how.topP() <= 1)) {
      throw new IllegalArgumentException(
          how + "; possible are 1 token or more, a temperature of 0 or more, topP in (0, 1]");
    }
    for (int[] prompt : prompts) {
      checkLength(prompt.length);
      checkIds(prompt, prompt.length, vocabulary());
    }
    if (writer == null) {
      // Only those who write pay for keys and values.
      writer =
          new TextWriter(
              spec.model(), vocabulary(), device, Parameters.of(memory.weights, memory.layout));
    }
    return writer.write(prompts, how);
  }
}
