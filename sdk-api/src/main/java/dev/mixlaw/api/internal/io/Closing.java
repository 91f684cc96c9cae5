package dev.mixlaw.api.internal.io;

import java.io.Closeable;
import java.io.IOException;

/** Closes a resource if the object that would own it cannot be created. */
public final class Closing {
  private Closing() {}

  /** Creates the owner of a resource. */
  @FunctionalInterface
  public interface Creation<C, T> {
    T apply(C resource) throws IOException;
  }

  /** Returns an object that owns a resource. Closes the resource if the creation fails. */
  public static <C extends Closeable, T> T onFailure(
      C resource, Creation<? super C, ? extends T> creation) throws IOException {
    try {
      return creation.apply(resource);
    } catch (IOException | RuntimeException | Error e) {
      try (resource) {
        throw e;
      }
    }
  }
}
