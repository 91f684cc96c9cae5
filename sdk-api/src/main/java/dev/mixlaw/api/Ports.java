package dev.mixlaw.api;

import java.util.Optional;
import java.util.ServiceLoader;

/** Finds the implementations of ports. */
final class Ports {
  private Ports() {}

  /**
   * The first implementation found by the context class loader or this module's own.
   *
   * @param artifact the Maven artifact that has one
   */
  public static <P> P find(Class<P> port, String artifact) {
    return first(port, Thread.currentThread().getContextClassLoader())
        .or(() -> first(port, Ports.class.getClassLoader()))
        .orElseThrow(
            () ->
                new MixlawException(
                    MixlawException.Kind.ENGINE,
                    new Problem(
                        "no " + port.getSimpleName() + " on the class path",
                        "none found by ServiceLoader",
                        "one of " + port.getName(),
                        "a dependency on dev.mixlaw:" + artifact)));
  }

  private static <P> Optional<P> first(Class<P> port, ClassLoader loader) {
    return ServiceLoader.load(port, loader).findFirst();
  }
}
