package dev.mixlaw.train.engine.llama;

import dev.mixlaw.api.spi.LanguageModel;
import dev.mixlaw.api.spi.ModelSession;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.train.engine.weights.Checkpoint;
import java.nio.file.Path;

/** A session for evaluating a saved model or generating text with it. */
final class InferenceSession implements ModelSession {
  private final Device device;
  private final DecoderModel model;

  /** Loads a model. The session closes the device, which must not be shared. */
  InferenceSession(SessionSpec spec, Path directory, TileSizes tiles, Device device) {
    this.device = device;
    ModelMemory memory =
        new ModelMemory(
            spec, device.lanes(), Recomputation.forwardOnly(spec.model()), tiles, device);
    new Checkpoint(spec.model(), spec.vocabulary())
        .loadModel(directory, (t, values) -> device.write(memory.weights, t, values));
    model = new DecoderModel(spec, tiles, device, memory);
  }

  @Override
  public LanguageModel model() {
    return model;
  }

  @Override
  public void close() {
    device.close();
  }
}
