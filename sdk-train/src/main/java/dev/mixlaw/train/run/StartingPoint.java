package dev.mixlaw.train.run;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.spi.TrainingSession;
import dev.mixlaw.train.engine.weights.ModelWeights;
import dev.mixlaw.train.storage.Disk;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A trained model from which runs start, instead of random weights.
 *
 * @param directory absolute path of the model
 * @param digest SHA-256 digest of the weights, on which the identities of runs depend
 */
record StartingPoint(String directory, String digest) {
  /** Reads the weights of a model and computes their digest. */
  static StartingPoint of(Path directory) {
    try {
      return new StartingPoint(
          directory.toAbsolutePath().toString(), ModelWeights.digest(directory));
    } catch (IOException e) {
      throw Disk.fault("the model to start from cannot be read", directory, e);
    }
  }

  /**
   * Loads the weights into a new session.
   *
   * @throws MixlawException if the weights have changed since the study was planned
   */
  void load(TrainingSession session) {
    String now = of(Path.of(directory)).digest();
    if (!now.equals(digest)) {
      throw MixlawException.storage(
          "model " + directory + ": SHA-256 of its weights",
          now,
          digest + ", as when the study was planned",
          "plan the study again");
    }
    session.loadModel(Path.of(directory));
  }
}
