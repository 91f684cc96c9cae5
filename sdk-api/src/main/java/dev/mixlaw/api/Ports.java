package dev.mixlaw.api;

import dev.mixlaw.api.internal.Services;
import dev.mixlaw.api.internal.spi.DataPreparer;
import dev.mixlaw.api.internal.spi.RoundRunner;
import dev.mixlaw.api.internal.spi.StudyRunner;
import dev.mixlaw.api.spi.Analyst;
import dev.mixlaw.api.spi.DomainEvaluator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The implementations of the services that a lab uses. An implementation that was not set is
 * searched on the class path.
 */
final class Ports {
  private static final Map<Class<?>, String> ARTIFACTS =
      Map.of(
          DataPreparer.class, "mixlaw-mix",
          StudyRunner.class, "mixlaw-train",
          RoundRunner.class, "mixlaw-train",
          DomainEvaluator.class, "mixlaw-eval",
          Analyst.class, "mixlaw-eval");

  private final Map<Class<?>, Object> set = new HashMap<>();

  Ports() {}

  Ports(Ports other) {
    set.putAll(other.set);
  }

  <P> void set(Class<P> port, P implementation) {
    set.put(port, implementation);
  }

  /**
   * Returns the implementation that was set, or otherwise the first of {@link Services#all}.
   *
   * @throws MixlawException if there is no implementation; the message names the artifact to add
   */
  <P> P get(Class<P> port) {
    require(List.of(port));
    return find(port).orElseThrow();
  }

  /**
   * Checks that all given services have an implementation.
   *
   * @throws MixlawException if an implementation is missing; the message names all artifacts to add
   */
  void require(List<Class<?>> ports) {
    MixlawException.throwIfAny(
        MixlawException.Kind.ENGINE,
        ports.stream().filter(port -> find(port).isEmpty()).map(Ports::missing).toList());
  }

  private static Problem missing(Class<?> port) {
    return new Problem(
        "implementation of " + port.getSimpleName(),
        "ServiceLoader found none on the class path",
        "an implementation of " + port.getName() + " on the class path",
        "add a dependency on dev.mixlaw:" + ARTIFACTS.get(port));
  }

  private <P> Optional<P> find(Class<P> port) {
    return Optional.ofNullable(port.cast(set.get(port)))
        .or(() -> Services.all(port, Ports.class.getClassLoader()).stream().findFirst());
  }
}
