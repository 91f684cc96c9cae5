package dev.mixlaw.train.engine;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.spi.TrainingEngine;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.stream.Collectors;

/** The training engines on the class path. */
public final class Engines {
  private static final String SETTING = "Lab.Builder.engine, or a dependency that has an engine";

  private Engines() {}

  /**
   * An engine, and why {@code auto} did not take one of higher rank.
   *
   * @param passedOver reasons of those that cannot run here or are in doubt; empty for an engine
   *     asked for by name
   */
  public record Choice(TrainingEngine engine, List<Problem> passedOver) {
    public Choice {
      passedOver = List.copyOf(passedOver);
    }

    /** An engine that was asked for. */
    public static Choice of(TrainingEngine engine) {
      return new Choice(engine, List.of());
    }
  }

  /** All of them, whether or not they can run here, in the order in which {@link #auto} tries. */
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
    return inOrder(byName.values());
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
   * A line an engine: its name and what it runs on, or why it cannot run here, or why {@code auto}
   * does not take it. Starts them all.
   */
  public static String describe() {
    return all().stream()
        .map(e -> e.name() + ": " + state(e))
        .collect(Collectors.joining(System.lineSeparator()));
  }

  private static String state(TrainingEngine engine) {
    return engine
        .unavailable()
        .map(Problem::toString)
        .orElseGet(
            () ->
                "on "
                    + engine.device()
                    + engine.doubt().map(d -> "; by name only: " + d).orElse(""));
  }

  /**
   * The engine of a name; {@code auto} is {@link #auto()}.
   *
   * @throws MixlawException if there is none or it cannot run here
   */
  public static TrainingEngine byName(String name) {
    return choose(name).engine();
  }

  /** As {@link #byName}, with what {@code auto} passed over. */
  public static Choice choose(String name) {
    List<TrainingEngine> all = all();
    if (name.equals("auto")) {
      return best(all);
    }
    TrainingEngine engine =
        all.stream()
            .filter(e -> e.name().equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    new MixlawException(
                        MixlawException.Kind.ENGINE,
                        name.equals("dl4j")
                            ? new Problem(
                                "engine dl4j",
                                "not on the class path",
                                "the artifact dev.mixlaw:mixlaw-dl4j with an ND4J backend",
                                "add it to the application's dependencies")
                            : new Problem(
                                "unknown engine", name, "auto or one of " + names(all), SETTING)));
    engine
        .unavailable()
        .ifPresent(
            p -> {
              throw new MixlawException(MixlawException.Kind.ENGINE, p);
            });
    return Choice.of(engine);
  }

  /**
   * The engine of highest rank that can run here and is not in doubt: {@code cuda} on a card that
   * it has tried itself on, else {@code dl4j} on a card if a backend for cards is there, else
   * {@code native}, else {@code dl4j}.
   *
   * @throws MixlawException with every engine's reason if none can
   */
  public static TrainingEngine auto() {
    return best(all()).engine();
  }

  /**
   * What is wrong with an engine whose models are to write text: empty if they can.
   *
   * @param setting what chooses another engine
   */
  public static Optional<Problem> cannotWrite(TrainingEngine engine, String setting) {
    return writes(engine)
        ? Optional.empty()
        : Optional.of(
            new Problem(
                "engine " + engine.name(),
                "its models cannot write text",
                all().stream()
                    .filter(Engines::writes)
                    .map(e -> e.name() + (e.unavailable().isPresent() ? " (cannot run here)" : ""))
                    .collect(Collectors.joining(", ", "one whose models write: ", "")),
                setting));
  }

  /** Asked of a model that any engine can hold. */
  private static boolean writes(TrainingEngine engine) {
    return engine.writingCost(ModelSpec.ladder("25k").get(0), 512, 1).isPresent();
  }

  /** Of these; ties by name. */
  static Choice best(List<TrainingEngine> engines) {
    List<Problem> reasons = new ArrayList<>();
    for (TrainingEngine engine : inOrder(engines)) {
      var reason = engine.unavailable().or(engine::doubt);
      if (reason.isEmpty()) {
        return new Choice(engine, reasons);
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
