package dev.mixlaw.train.engine.llama;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.spi.SamplingModel;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.train.engine.weights.TokenChecks;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A decoder as others use it: losses, and text. */
final class DecoderModel implements SamplingModel {
  private final SessionSpec spec;
  private final TileSizes grain;
  private final Device device;
  private final ModelMemory memory;
  private final List<ForwardPass> decoders = new ArrayList<>();
  private final float[] readBack;
  private @Nullable BatchedTextWriter writer;

  DecoderModel(SessionSpec spec, TileSizes grain, Device device, ModelMemory memory) {
    this.spec = spec;
    this.grain = grain;
    this.device = device;
    this.memory = memory;
    Parameters weights = Parameters.of(memory.weights, memory.layout);
    for (int i = 0; i < device.lanes(); i++) {
      decoders.add(
          new ForwardPass(
              spec.model(),
              spec.vocabulary(),
              device.kernels(i),
              weights,
              memory.activations.get(i),
              memory.part * spec.model().context()));
    }
    readBack = new float[(int) memory.nats.get(0).length()];
  }

  ForwardPass decoder(int lane) {
    return decoders.get(lane);
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
  public void losses(int[] ids, int rows, int length, float[] nats) {
    losses(ids, rows, length, 0, nats);
  }

  @Override
  public void losses(int[] ids, int rows, int length, int firstWanted, float[] nats) {
    TokenChecks.checkRows(this, ids, rows, length, firstWanted, nats);
    int wanted = length - firstWanted;
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
              DeviceFloats to = memory.nats.get(lane);
              decoders.get(lane).losses(ids, first + begin, count, length, firstWanted, to, 0);
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
    Sampling how = text.settings();
    if (how.maxTokens() < 1
        || !(how.temperature() >= 0 && how.temperature() < Double.POSITIVE_INFINITY)
        || !(how.topP() > 0 && how.topP() <= 1)) {
      throw new IllegalArgumentException(
          how + "; possible are 1 token or more, a temperature of 0 or more, topP in (0, 1]");
    }
    TokenChecks.checkLength(text.prompt().length, context());
    TokenChecks.checkIds(text.prompt(), text.prompt().length, vocabulary());
  }

  /** Only those who write pay for keys and values. */
  private BatchedTextWriter writer() {
    if (writer == null) {
      long needed = GenerationMemory.bytes(spec.model(), vocabulary(), grain, device.lanes());
      long free = device.free();
      try {
        if (needed > free) {
          throw new OutOfMemoryError(free + " bytes are free");
        }
        GenerationMemory own =
            new GenerationMemory(
                spec.model(),
                vocabulary(),
                Parameters.of(memory.weights, memory.layout),
                device.lanes(),
                device);
        writer = new BatchedTextWriter(spec.model(), vocabulary(), device, own);
      } catch (OutOfMemoryError e) {
        throw new MixlawException(
            MixlawException.Kind.ENGINE,
            new Problem(
                "writing text with model " + spec.model().name() + " does not fit in memory",
                needed + " bytes, " + e.getMessage(),
                "what is free here",
                "a smaller ModelSpec, -Xmx, or -Dorg.bytedeco.javacpp.maxphysicalbytes"),
            e);
      }
    }
    return writer;
  }
}
