package dev.mixlaw.train.run.internal;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.spi.TrainingEngine;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/** Engines found by {@link ServiceLoader}. */
public final class InstalledEngines {
  private InstalledEngines() {}

  /**
   * The engine of a name; for {@code auto} the first that can run here, or else the first, which
   * says why it cannot.
   *
   * @throws MixlawException if there is none
   */
  public static TrainingEngine named(String name) {
    List<TrainingEngine> all = all();
    return all.stream()
        .filter(e -> name.equals("auto") ? e.unavailable().isEmpty() : e.name().equals(name))
        .findFirst()
        .or(() -> name.equals("auto") ? all.stream().findFirst() : Optional.empty())
        .orElseThrow(
            () ->
                new MixlawException(
                    MixlawException.Kind.ENGINE,
                    new Problem(
                        "engine",
                        name + " is not installed",
                        "auto" + String.join("", all.stream().map(e -> ", " + e.name()).toList()),
                        "Lab.Builder.engine, or a dependency that has it")));
  }

  private static List<TrainingEngine> all() {
    List<TrainingEngine> found = load(Thread.currentThread().getContextClassLoader());
    return found.isEmpty() ? load(InstalledEngines.class.getClassLoader()) : found;
  }

  private static List<TrainingEngine> load(@Nullable ClassLoader loader) {
    return ServiceLoader.load(TrainingEngine.class, loader).stream()
        .map(ServiceLoader.Provider::get)
        .toList();
  }
}
