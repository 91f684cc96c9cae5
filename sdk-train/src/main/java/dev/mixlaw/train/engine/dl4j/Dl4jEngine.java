package dev.mixlaw.train.engine.dl4j;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.api.spi.TrainingSession;
import java.util.List;
import java.util.Optional;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * The engine {@code dl4j}: Deeplearning4j on ND4J's CPU or CUDA backend.
 *
 * <p>On the CPU it sets OpenBLAS to one thread for the whole process when the first session opens:
 * a session divides batches over threads of its own instead. Environment variable {@code
 * OMP_WAIT_POLICY=PASSIVE} is advisable beside other work.
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
    return Footprint.of(spec).cost();
  }

  @Override
  public TrainingSession open(SessionSpec spec) {
    Backend backend = Backend.get();
    backend
        .problem()
        .ifPresent(
            p -> {
              throw new MixlawException(MixlawException.Kind.ENGINE, p);
            });
    List<Problem> problems = Footprint.of(spec).problems();
    if (!problems.isEmpty()) {
      throw new MixlawException(MixlawException.Kind.ENGINE, problems, null);
    }
    try {
      return new Dl4jSession(backend.limit(spec), DataType.FLOAT, backend::kernels);
    } catch (OutOfMemoryError e) {
      // What was allocated so far is given back when it is collected.
      throw new MixlawException(
          MixlawException.Kind.ENGINE,
          new Problem(
              "engine dl4j: model " + spec.model().name() + " does not fit in memory",
              cost(spec).memoryBytes() + " bytes, " + e.getMessage(),
              "what is free here",
              "a smaller ModelSpec or batch, -Xmx, or -Dorg.bytedeco.javacpp.maxphysicalbytes"),
          e);
    }
  }
}
