package dev.mixlaw.samples;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.train.engine.Engines;
import picocli.CommandLine.Option;

/** The engine, and the shape of a model and of its batches. */
final class ModelOptions {
  @Option(
      names = "--engine",
      description = "name of the engine, or auto (default: ${DEFAULT-VALUE})")
  private String engine = "auto";

  @Option(names = "--d-model", description = "model width (default: ${DEFAULT-VALUE})")
  int width;

  @Option(names = "--layers", description = "number of blocks (default: ${DEFAULT-VALUE})")
  int layers;

  @Option(names = "--heads", description = "attention heads (default: ${DEFAULT-VALUE})")
  int heads;

  @Option(names = "--ffn", description = "inner width of SwiGLU (default: ${DEFAULT-VALUE})")
  int feedForward;

  @Option(names = "--context", description = "tokens per sequence (default: ${DEFAULT-VALUE})")
  int context;

  @Option(names = "--batch", description = "sequences per step (default: ${DEFAULT-VALUE})")
  int batch;

  ModelOptions(int width, int layers, int heads, int feedForward, int context, int batch) {
    this.width = width;
    this.layers = layers;
    this.heads = heads;
    this.feedForward = feedForward;
    this.context = context;
    this.batch = batch;
  }

  TrainingEngine engine() {
    return Engines.byName(engine);
  }

  ModelSpec model(String name) {
    return ModelSpec.of(name, width, layers, heads, feedForward).withContext(context);
  }
}
