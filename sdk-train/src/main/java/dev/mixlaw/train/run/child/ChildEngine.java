package dev.mixlaw.train.run.child;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.spi.ModelSession;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.api.spi.TrainingSession;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * An engine that opens every session and model in its own JVM. Name, device and results are those
 * of the engine that it wraps. Availability and cost are determined in this JVM.
 */
public final class ChildEngine implements TrainingEngine {
  /**
   * Memory of a JVM with the classes and native libraries of an engine, in bytes, before a model is
   * loaded. See BENCHMARKS.md.
   */
  static final long JVM_BYTES = 160L << 20;

  private final TrainingEngine engine;

  public ChildEngine(TrainingEngine engine) {
    this.engine = engine;
  }

  @Override
  public String name() {
    return engine.name();
  }

  @Override
  public String version() {
    return engine.version();
  }

  @Override
  public String device() {
    return engine.device();
  }

  @Override
  public Optional<Problem> unavailable() {
    return engine.unavailable().or(this::cannotBeMade);
  }

  /** Returns a problem if a child JVM cannot create the engine from the name of its class. */
  private Optional<Problem> cannotBeMade() {
    Class<?> type = engine.getClass();
    try {
      if (Class.forName(type.getName(), false, ClassLoader.getSystemClassLoader()) == type
          && Modifier.isPublic(type.getModifiers())
          && Modifier.isPublic(type.getDeclaredConstructor().getModifiers())) {
        return Optional.empty();
      }
    } catch (ReflectiveOperationException e) {
      // Reported below.
    }
    return Optional.of(
        new Problem(
            "engine " + name() + " cannot be created in a child JVM",
            type.getName() + " of " + type.getClassLoader(),
            "a public class on the class path with a public constructor without parameters",
            "use LocalStudyRunner without inChildJvms, or put the engine on the class path"));
  }

  @Override
  public Optional<Problem> doubt() {
    return engine.doubt();
  }

  @Override
  public int rank() {
    return engine.rank();
  }

  @Override
  public OptionalLong deviceMemory() {
    return engine.deviceMemory();
  }

  @Override
  public AtOnce atOnce(SessionSpec spec) {
    return new AtOnce(1, "child JVMs use a device one at a time");
  }

  @Override
  public Cost cost(SessionSpec spec) {
    Cost cost = engine.cost(inside(spec));
    return new Cost(cost.memoryBytes() + JVM_BYTES, cost.tokensPerSecond(), cost.note());
  }

  /**
   * Returns the specification with which the engine opens the session in the child JVM. Its memory
   * excludes that of the JVM.
   */
  private static SessionSpec inside(SessionSpec spec) {
    boolean limited = spec.memoryBytes() < Long.MAX_VALUE;
    return limited ? spec.within(Math.max(0, spec.memoryBytes() - JVM_BYTES)) : spec;
  }

  @Override
  public Cost modelCost(ModelSpec model, int vocabulary, int threads) {
    Cost cost = engine.modelCost(model, vocabulary, threads);
    return new Cost(cost.memoryBytes() + JVM_BYTES, cost.tokensPerSecond(), cost.note());
  }

  @Override
  public Optional<Cost> writingCost(ModelSpec model, int vocabulary, int threads) {
    return engine.writingCost(model, vocabulary, threads);
  }

  @Override
  public ModelSession openModel(Path directory, int threads) {
    return ChildModel.open(engine, directory, threads);
  }

  @Override
  public TrainingSession open(SessionSpec spec) {
    return ChildSession.open(engine, inside(spec));
  }
}
