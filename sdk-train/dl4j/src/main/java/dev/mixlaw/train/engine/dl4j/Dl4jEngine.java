package dev.mixlaw.train.engine.dl4j;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.spi.ModelSession;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.api.spi.TrainingSession;
import dev.mixlaw.train.engine.weights.Checkpoint;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * The engine {@code dl4j}: Deeplearning4j on ND4J's CPU or CUDA backend.
 *
 * <p>On the CPU, the first session sets OpenBLAS to one thread for the whole process, because
 * sessions divide batches over their own threads. Set the environment variable {@code
 * OMP_WAIT_POLICY=PASSIVE} if other processes use the machine.
 */
public final class Dl4jEngine implements TrainingEngine {
  @Override
  public String name() {
    return "dl4j";
  }

  @Override
  public String device() {
    return Backend.get().device();
  }

  @Override
  public Optional<Problem> unavailable() {
    return Backend.get().problem();
  }

  @Override
  public int rank() {
    return Backend.cudaPresent() ? 100 : 10;
  }

  @Override
  public Cost cost(SessionSpec spec) {
    return Footprint.of(spec, true).cost();
  }

  @Override
  public Cost modelCost(ModelSpec model, int vocabulary, int threads) {
    return Footprint.of(untrained(model, vocabulary, threads), false).cost();
  }

  /** Returns the session settings for a model that is only evaluated. */
  private static SessionSpec untrained(ModelSpec model, int vocabulary, int threads) {
    int batch = Math.multiplyExact(Dl4jModel.sequencesOfAPart(model.context()), threads);
    return new SessionSpec(model, vocabulary, batch, Recipe.standard(), 0, threads);
  }

  @Override
  public TrainingSession open(SessionSpec spec) {
    return withBackend(
        spec,
        Footprint.of(spec, true),
        backend -> new Dl4jSession(backend.limit(spec), DataType.FLOAT, backend::kernels));
  }

  @Override
  public ModelSession openModel(Path directory, int threads) {
    Checkpoint shape = Checkpoint.of(directory);
    SessionSpec spec = untrained(shape.model(), shape.vocabulary(), threads);
    return withBackend(
        spec,
        Footprint.of(spec, false),
        backend -> {
          Dl4jModel model =
              new Dl4jModel(backend.limit(spec), false, DataType.FLOAT, backend::kernels);
          try {
            shape.loadModel(directory, (t, values) -> Dl4jModel.write(model.weights(), t, values));
            return model;
          } catch (RuntimeException | Error e) {
            model.close();
            throw e;
          }
        });
  }

  private static <T> T withBackend(
      SessionSpec spec, Footprint footprint, Function<Backend, T> open) {
    Backend backend = Backend.get();
    backend
        .problem()
        .ifPresent(
            p -> {
              throw new MixlawException(MixlawException.Kind.ENGINE, p);
            });
    Cost cost = footprint.cost();
    try {
      return open.apply(backend);
    } catch (OutOfMemoryError e) {
      // The garbage collector frees the memory that was allocated so far.
      throw new MixlawException(
          MixlawException.Kind.ENGINE,
          new Problem(
              "engine dl4j: model " + spec.model().name() + " does not fit in memory",
              cost.memoryBytes() + " bytes, " + e.getMessage(),
              "at most the free memory",
              "use a smaller ModelSpec or batch, or increase -Xmx or"
                  + " -Dorg.bytedeco.javacpp.maxphysicalbytes"),
          e);
    }
  }
}
