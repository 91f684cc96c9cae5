package dev.mixlaw.train.engine.llama;

import dev.mixlaw.api.spi.LanguageModel;
import dev.mixlaw.api.spi.ModelSession;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.train.engine.weights.Checkpoint;
import java.nio.file.Path;

/** A trained model that is not trained on. */
final class InferenceSession implements ModelSession {
  private final Device device;
  private final DecoderModel model;

  /**
   * @param device its own, closed with it
   */
  InferenceSession(SessionSpec spec, Path directory, TileSizes grain, Device device) {
    this.device = device;
    ModelMemory memory =
        new ModelMemory(spec, device.lanes(), Recomputation.nothing(spec.model()), grain, device);
    new Checkpoint(spec.model(), spec.vocabulary())
        .loadModel(directory, (t, values) -> device.write(memory.weights, t, values));
    model = new DecoderModel(spec, grain, device, memory);
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
