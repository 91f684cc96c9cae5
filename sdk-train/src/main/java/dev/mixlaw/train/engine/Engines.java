package dev.mixlaw.train.engine;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.internal.Services;
import dev.mixlaw.api.spi.TrainingEngine;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Finds the training engines on the class path. Engines are immutable, and methods that change a
 * setting return modified copies. For example, {@code Engines.cuda().cards(1)} trains on the GPU
 * with index 1.
 */
public final class Engines {
  private static final String SETTING =
      "change Lab.Builder.engine, or add a dependency that provides an engine";

  private static final Map<String, String> ARTIFACTS =
      Map.of(
          "native", "mixlaw-train",
          "cuda", "mixlaw-train",
          "dl4j", "mixlaw-dl4j with an ND4J backend");

  private Engines() {}

  /**
   * Returns all engines, whether or not they can run on this machine, in the order in which {@link
   * #auto} tries them.
   */
  public static List<TrainingEngine> all() {
    Map<String, TrainingEngine> byName = new LinkedHashMap<>();
    Services.all(TrainingEngine.class, Engines.class.getClassLoader())
        .forEach(e -> byName.putIfAbsent(e.name(), e));
    return inOrder(byName.values());
  }

  /**
   * Returns the reason why an engine cannot run on this machine, or empty if it can. An exception
   * while the engine is being checked is a reason, too.
   */
  private static Optional<Problem> unavailable(TrainingEngine engine) {
    try {
      return engine.unavailable();
    } catch (RuntimeException | LinkageError e) {
      Throwable cause = e;
      while (cause.getCause() != null) {
        cause = cause.getCause();
      }
      return Optional.of(
          new Problem(
              "engine " + engine.name() + " cannot be started",
              cause.toString(),
              "a machine and JVM options that allow it (on JDK 24 and later, --enable-native-access=ALL-UNNAMED)",
              "correct the cause, or use another engine"));
    }
  }

  private static List<TrainingEngine> inOrder(Collection<TrainingEngine> engines) {
    return engines.stream()
        .sorted(
            Comparator.comparingInt(TrainingEngine::rank)
                .reversed()
                .thenComparing(TrainingEngine::name))
        .toList();
  }

  /**
   * Returns a description of all engines, one per line. A line contains the engine's name and
   * device, or the reason why {@link #auto} does not choose the engine. Calling this method starts
   * all engines.
   */
  public static String describe() {
    return all().stream()
        .map(e -> e.name() + ": " + state(e))
        .collect(Collectors.joining(System.lineSeparator()));
  }

  private static String state(TrainingEngine engine) {
    return unavailable(engine)
        .map(Problem::toString)
        .orElseGet(
            () ->
                "on "
                    + engine.device()
                    + engine.doubt().map(d -> "; auto does not choose it: " + d).orElse(""));
  }

  /**
   * Returns the engine {@code native}, which runs on the CPU. The system property {@code
   * mixlaw.native.precision} selects its number format. By default, the engine uses the fastest
   * format.
   */
  public static TrainingEngine nativeCpu() {
    return named("native");
  }

  /**
   * Returns the engine {@code cuda}, which runs on NVIDIA GPUs. The system property {@code
   * mixlaw.cuda.precision} selects its number format; the default is bf16. The property {@code
   * mixlaw.cuda.card} selects the GPU by its index; the default is 0. Several indices are separated
   * by commas.
   */
  public static TrainingEngine cuda() {
    return named("cuda");
  }

  /**
   * Returns the engine {@code dl4j}.
   *
   * @throws MixlawException if {@code mixlaw-dl4j} is not on the class path
   */
  public static TrainingEngine dl4j() {
    return named("dl4j");
  }

  /**
   * Returns the highest-ranked engine that can run on this machine and whose results are not in
   * doubt. The order is: {@code cuda} on a GPU whose results match those of the CPU, {@code dl4j}
   * on a GPU, {@code native}, {@code dl4j} on the CPU.
   *
   * @throws MixlawException if no engine can run on this machine; the message contains the reason
   *     for each engine
   */
  public static TrainingEngine auto() {
    return best(all());
  }

  /**
   * Returns the engine with the given name.
   *
   * @param name the engine's name, such as {@code native}, or {@code auto} for {@link #auto()}
   * @throws MixlawException if there is no such engine, or it cannot run on this machine
   */
  public static TrainingEngine byName(String name) {
    if (name.equals("auto")) {
      return auto();
    }
    TrainingEngine engine = named(name);
    MixlawException.throwIfAny(MixlawException.Kind.ENGINE, unavailable(engine).stream().toList());
    return engine;
  }

  private static TrainingEngine named(String name) {
    List<TrainingEngine> all = all();
    return all.stream()
        .filter(e -> e.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new MixlawException(
                    MixlawException.Kind.ENGINE,
                    ARTIFACTS.containsKey(name)
                        ? missing(name)
                        : new Problem(
                            "unknown engine", name, "auto or one of " + names(all), SETTING)));
  }

  /** Returns a problem that names the missing artifact of one of Mixlaw's engines. */
  private static Problem missing(String name) {
    return new Problem(
        "engine " + name,
        "ServiceLoader found no such engine",
        "the artifact dev.mixlaw:" + ARTIFACTS.get(name),
        "add it to the application's dependencies; a shaded jar must merge META-INF/services, for example with the ServicesResourceTransformer of maven-shade-plugin");
  }

  /**
   * Returns the reasons why {@link #auto} does not choose the engines that rank higher than the
   * given engine. The reason for an engine is that it cannot run on this machine, or that its
   * results are in doubt.
   */
  public static List<Problem> passedOver(TrainingEngine engine) {
    return passedOver(all(), engine.name());
  }

  static List<Problem> passedOver(List<TrainingEngine> engines, String chosen) {
    return inOrder(engines).stream()
        .takeWhile(e -> !e.name().equals(chosen))
        .flatMap(e -> unavailable(e).or(e::doubt).stream())
        .toList();
  }

  /**
   * Returns a problem if the models of an engine cannot generate text, or empty if they can.
   *
   * @param setting name of the setting that selects another engine, for the message
   */
  public static Optional<Problem> cannotWrite(TrainingEngine engine, String setting) {
    return writes(engine)
        ? Optional.empty()
        : Optional.of(
            new Problem(
                "engine " + engine.name(),
                "its models cannot generate text",
                all().stream()
                    .filter(Engines::writes)
                    .map(e -> e.name() + (unavailable(e).isPresent() ? " (cannot run here)" : ""))
                    .collect(Collectors.joining(", ", "an engine whose models can: ", "")),
                setting));
  }

  /**
   * Returns whether an engine can generate text. The check uses a tiny model, which every engine
   * supports.
   */
  private static boolean writes(TrainingEngine engine) {
    return engine.writingCost(ModelSpec.ladder("25k").get(0), 512, 1).isPresent();
  }

  static TrainingEngine best(List<TrainingEngine> engines) {
    List<Problem> reasons = new ArrayList<>();
    for (TrainingEngine engine : inOrder(engines)) {
      var reason = unavailable(engine).or(engine::doubt);
      if (reason.isEmpty()) {
        return engine;
      }
      reasons.add(reason.get());
    }
    if (engines.stream().noneMatch(e -> e.name().equals("native"))) {
      reasons.add(missing("native"));
    }
    throw new MixlawException(MixlawException.Kind.ENGINE, reasons, null);
  }

  private static String names(List<TrainingEngine> engines) {
    return engines.stream().map(TrainingEngine::name).collect(Collectors.joining(", "));
  }
}
