package dev.mixlaw.train.run.child;

import dev.mixlaw.api.internal.spi.PreparedData;
import java.lang.reflect.Constructor;
import java.util.Optional;

/**
 * A job for a child JVM. It is a record, which is passed to the child as JSON. The job reads and
 * writes the lab itself; the parent only watches.
 */
public interface ChildJob {
  /**
   * Executes the job. This method returns normally if the job is stopped.
   *
   * @param text the prepared text of the study
   * @param parent receives the job's reports
   * @throws dev.mixlaw.api.MixlawException if the parent must not continue either
   */
  void run(PreparedData text, ChildReporter parent);

  /**
   * Returns the name by which a child JVM can create an object; empty if its class is not on the
   * class path or has no constructor without parameters.
   */
  static Optional<String> type(Object object) {
    Class<?> type = object.getClass();
    try {
      ClassLoader loader = ClassLoader.getSystemClassLoader();
      Class<?> owner = type.getDeclaredConstructor().getDeclaringClass();
      return owner == Class.forName(type.getName(), false, loader)
          ? Optional.of(type.getName())
          : Optional.empty();
    } catch (ReflectiveOperationException e) {
      return Optional.empty();
    }
  }

  /** Creates an object from the name that {@link #type} returned in the parent. */
  static <T> T create(String type, Class<T> port) {
    try {
      Constructor<?> constructor = Class.forName(type).getDeclaredConstructor();
      constructor.setAccessible(true);
      return port.cast(constructor.newInstance());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type + " cannot be created", e);
    }
  }
}
