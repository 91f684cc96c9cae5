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
 * An engine whose every session and opened model lives in a JVM of its own. To whoever uses it, it
 * is the engine it stands for: same name, same device, same results. What it can run on and what
 * that costs is asked here.
 */
public final class ChildEngine implements TrainingEngine {
  /** A JVM with an engine's classes and natives, before it has a model. See BENCHMARKS.md. */
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

  /** A child makes its engine from the class's name, on the class path of this JVM. */
  private Optional<Problem> cannotBeMade() {
    Class<?> type = engine.getClass();
    try {
      if (Class.forName(type.getName(), false, ClassLoader.getSystemClassLoader()) == type
          && Modifier.isPublic(type.getModifiers())
          && Modifier.isPublic(type.getDeclaredConstructor().getModifiers())) {
        return Optional.empty();
      }
    } catch (ReflectiveOperationException e) {
      // Said below.
    }
    return Optional.of(
        new Problem(
            "engine " + name() + " cannot be made in a child JVM",
            type.getName() + " of " + type.getClassLoader(),
            "a public class with a public constructor without parameters, on java.class.path",
            "LocalStudyRunner without inChildJvms, or the application's class path"));
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
    return new AtOnce(1, "processes take turns on a card");
  }

  @Override
  public Cost cost(SessionSpec spec) {
    Cost cost = engine.cost(inside(spec));
    return new Cost(cost.memoryBytes() + JVM_BYTES, cost.tokensPerSecond(), cost.note());
  }

  /** What the engine has within the child. */
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
