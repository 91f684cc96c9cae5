package dev.mixlaw.train.engine.llama;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.spi.SamplingModel;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.train.engine.weights.TokenChecks;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

final class DecoderModel implements SamplingModel {
  private final SessionSpec spec;
  private final TileSizes tiles;
  private final Device device;
  private final ModelMemory memory;
  private final List<ForwardPass> lanes = new ArrayList<>();
  private final float[] readBack;
  private @Nullable BatchedTextWriter writer;

  DecoderModel(SessionSpec spec, TileSizes tiles, Device device, ModelMemory memory) {
    this.spec = spec;
    this.tiles = tiles;
    this.device = device;
    this.memory = memory;
    Parameters weights = Parameters.of(memory.weights, spec.model(), memory.layout, null);
    for (int i = 0; i < device.lanes(); i++) {
      lanes.add(
          new ForwardPass(
              spec.model(),
              device.kernels(i),
              weights,
              memory.activations.get(i),
              memory.microBatch * spec.model().context()));
    }
    readBack = new float[(int) memory.nats.get(0).length()];
  }

  ForwardPass forward(int lane) {
    return lanes.get(lane);
  }

  @Override
  public int context() {
    return spec.model().context();
  }

  @Override
  public int vocabulary() {
    return spec.vocabulary();
  }

  @Override
  public void losses(int[] ids, int rows, int length, int firstWanted, float[] nats) {
    TokenChecks.checkRows(this, ids, rows, length, firstWanted, nats);
    int wanted = length - firstWanted;
    // If sequences are short, a lane processes as many as fit in the memory of a micro-batch.
    int round = memory.microBatch * context() / length * device.lanes();
    for (int from = 0; from < rows; from += round) {
      int first = from;
      int n = Math.min(round, rows - from);
      device.onEach(
          lane -> {
            int begin = device.first(lane, n);
            int count = device.first(lane + 1, n) - begin;
            if (count > 0) {
              Floats to = memory.nats.get(lane);
              lanes.get(lane).losses(ids, first + begin, count, length, firstWanted, to, 0);
            }
          });
      for (int lane = 0; lane < device.lanes(); lane++) {
        int begin = device.first(lane, n);
        int values = (device.first(lane + 1, n) - begin) * wanted;
        device.read(memory.nats.get(lane), readBack, values);
        System.arraycopy(readBack, 0, nats, (first + begin) * wanted, values);
      }
    }
  }

  @Override
  public void write(Supplier<? extends @Nullable Text> texts) {
    writer()
        .write(
            () -> {
              Text text = texts.get();
              if (text != null) {
                check(text);
              }
              return text;
            });
  }

  private void check(Text text) {
    Sampling settings = text.settings();
    if (settings.maxTokens() < 1
        || !(settings.temperature() >= 0 && settings.temperature() < Double.POSITIVE_INFINITY)
        || !(settings.topP() > 0 && settings.topP() <= 1)) {
      throw new IllegalArgumentException(
          settings + "; expected maxTokens of 1 or more, temperature of 0 or more, topP in (0, 1]");
    }
    TokenChecks.checkLength(text.prompt().length, context());
    TokenChecks.checkIds(text.prompt(), text.prompt().length, vocabulary());
  }

  /**
   * Returns the text writer, which is created at first use because its key-value cache is large.
   */
  private BatchedTextWriter writer() {
    if (writer == null) {
      long needed = GenerationMemory.bytes(spec.model(), vocabulary(), tiles, device.lanes());
      long free = device.free();
      if (needed > free) {
        throw doesNotFit(needed, free + " bytes are free", null);
      }
      try {
        GenerationMemory own =
            new GenerationMemory(
                spec.model(), vocabulary(), memory.weights, memory.layout, device.lanes(), device);
        writer = new BatchedTextWriter(spec.model(), vocabulary(), device, own);
      } catch (OutOfMemoryError e) {
        throw doesNotFit(needed, String.valueOf(e.getMessage()), e);
      }
    }
    return writer;
  }

  private MixlawException doesNotFit(long needed, String available, @Nullable Throwable cause) {
    return MixlawException.engine(
        "text generation with model " + spec.model().name() + " does not fit in memory",
        needed + " bytes are needed, " + available,
        "enough free memory",
        "use a smaller ModelSpec, or increase -Xmx or -Dorg.bytedeco.javacpp.maxphysicalbytes",
        cause);
  }

  @Override
  public void close() {
    device.close();
  }
}
