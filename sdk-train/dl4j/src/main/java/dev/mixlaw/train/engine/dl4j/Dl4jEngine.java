package dev.mixlaw.train.engine.dl4j;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.spi.LanguageModel;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.api.spi.TrainingSession;
import dev.mixlaw.train.engine.weights.Checkpoint;
import dev.mixlaw.train.engine.weights.WeightLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * The engine {@code dl4j}, which uses Deeplearning4j with the CPU or CUDA backend of ND4J.
 *
 * <p>On the CPU, the first session limits OpenBLAS to one thread in the whole process, because
 * sessions divide batches among their own threads. If other processes use the machine, set the
 * environment variable {@code OMP_WAIT_POLICY=PASSIVE}.
 */
public final class Dl4jEngine implements TrainingEngine {
  /** Floating-point operations per second per thread, averaged over a step (see BENCHMARKS.md). */
  private static final double SPEED = 50e9;

  private static final long FIXED = 2L << 20;

  @Override
  public String name() {
    return "dl4j";
  }

  @Override
  public String device() {
    return Backend.get().device();
  }

  @Override
  public boolean onGpu() {
    return !Backend.get().cpu();
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
    return cost(spec, true);
  }

  @Override
  public Cost modelCost(ModelSpec model, int vocabulary, int threads) {
    return cost(untrained(model, vocabulary, threads), false);
  }

  /**
   * Returns the cost of a session.
   *
   * @throws MixlawException if the model is too large for Java's buffers, which have 31-bit indices
   */
  private static Cost cost(SessionSpec spec, boolean trained) {
    long weights = WeightLayout.of(spec.model(), spec.vocabulary()).size();
    long buffers = Buffers.values(spec.model(), spec.vocabulary(), Dl4jModel.part(spec), trained);
    List<Problem> problems = new ArrayList<>();
    checkSize("weights", weights, problems);
    checkSize("activations of one sequence", buffers, problems);
    MixlawException.throwIfAny(MixlawException.Kind.ENGINE, problems);
    int networks = Dl4jModel.workers(spec);
    // All networks share the weights and the two moments. Each network has its own gradients and
    // buffers.
    long values =
        trained ? 3 * weights + networks * (weights + buffers) : weights + networks * buffers;
    double flops = spec.model().trainingFlopsPerToken(spec.vocabulary());
    // A forward pass needs a third of the operations of a training step.
    double flopsPerToken = trained ? flops : flops / 3;
    return new Cost(values * Float.BYTES + networks * FIXED, networks * SPEED / flopsPerToken);
  }

  private static void checkSize(String what, long values, List<Problem> problems) {
    if (values > Integer.MAX_VALUE) {
      problems.add(
          new Problem(
              "engine dl4j: " + what + " do not fit",
              values + " values",
              "at most " + Integer.MAX_VALUE,
              "use a smaller ModelSpec"));
    }
  }

  private static SessionSpec untrained(ModelSpec model, int vocabulary, int threads) {
    int batch = Math.multiplyExact(Dl4jModel.sequencesOfAPart(model.context()), threads);
    return new SessionSpec(model, vocabulary, batch, Recipe.standard(), 0, threads);
  }

  @Override
  public TrainingSession open(SessionSpec spec) {
    return withBackend(
        spec,
        cost(spec, true),
        backend -> new Dl4jSession(backend.limit(spec), DataType.FLOAT, backend::kernels));
  }

  @Override
  public LanguageModel openModel(Path directory, int threads) {
    Checkpoint shape = Checkpoint.of(directory);
    SessionSpec spec = untrained(shape.model(), shape.vocabulary(), threads);
    return withBackend(
        spec,
        cost(spec, false),
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

  private static <T> T withBackend(SessionSpec spec, Cost cost, Function<Backend, T> open) {
    Backend backend = Backend.get();
    MixlawException.throwIfAny(MixlawException.Kind.ENGINE, backend.problem().stream().toList());
    try {
      return open.apply(backend);
    } catch (OutOfMemoryError e) {
      // The garbage collector frees the memory that has been allocated so far.
      throw MixlawException.engine(
          "engine dl4j: model " + spec.model().name() + " does not fit in memory",
          cost.memoryBytes() + " bytes, " + e.getMessage(),
          "at most the free memory",
          "use a smaller ModelSpec or batch, or increase -Xmx or -Dorg.bytedeco.javacpp.maxphysicalbytes",
          e);
    }
  }
}
