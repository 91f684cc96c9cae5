package dev.mixlaw.train.engine;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.spi.TrainingEngine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** The training engines on the class path. */
public final class Engines {
  private static final String SETTING = "Lab.Builder.engine, or a dependency that has an engine";

  private Engines() {}

  /** All of them, whether or not they can run here, in the order of their names. */
  public static List<TrainingEngine> all() {
    Map<String, TrainingEngine> byName = new LinkedHashMap<>();
    // Containers load libraries beside the application: look with both loaders.
    for (ClassLoader loader :
        new ClassLoader[] {
          Thread.currentThread().getContextClassLoader(), Engines.class.getClassLoader()
        }) {
      for (TrainingEngine engine : ServiceLoader.load(TrainingEngine.class, loader)) {
        byName.putIfAbsent(engine.name(), engine);
      }
    }
    return byName.values().stream()
        .sorted(java.util.Comparator.comparing(TrainingEngine::name))
        .toList();
  }

  /**
   * The engine of a name; {@code auto} is {@link #auto()}.
   *
   * @throws MixlawException if there is none or it cannot run here
   */
  public static TrainingEngine byName(String name) {
    if (name.equals("auto")) {
      return auto();
    }
    List<TrainingEngine> all = all();
    TrainingEngine engine =
        all.stream()
            .filter(e -> e.name().equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    new MixlawException(
                        MixlawException.Kind.ENGINE,
                        new Problem(
                            "no such engine", name, "auto or one of " + names(all), SETTING)));
    engine
        .unavailable()
        .ifPresent(
            p -> {
              throw new MixlawException(MixlawException.Kind.ENGINE, p);
            });
    return engine;
  }

  /**
   * The first engine that can run here.
   *
   * @throws MixlawException with every engine's reason if none can
   */
  public static TrainingEngine auto() {
    List<Problem> reasons = new ArrayList<>();
    List<TrainingEngine> all = all();
    for (TrainingEngine engine : all) {
      var reason = engine.unavailable();
      if (reason.isEmpty()) {
        return engine;
      }
      reasons.add(reason.get());
    }
    if (reasons.isEmpty()) {
      reasons.add(
          new Problem(
              "no engine on the class path", "none found by ServiceLoader", "one", SETTING));
    }
    throw new MixlawException(MixlawException.Kind.ENGINE, reasons, null);
  }

  private static String names(List<TrainingEngine> engines) {
    return engines.stream().map(TrainingEngine::name).collect(Collectors.joining(", "));
  }
}
