package dev.mixlaw.train.run.child;

import dev.mixlaw.api.internal.spi.PreparedData;
import java.lang.reflect.Constructor;
import java.util.Optional;

/**
 * A job that can run in a child JVM. Jobs are records, which are passed to the child JVM as JSON.
 * The job reads and writes the lab, and sends reports to its parent.
 */
public interface ChildJob {
  /**
   * Runs the job. Returns normally if the parent stops the job.
   *
   * @throws dev.mixlaw.api.MixlawException if the parent cannot continue either
   */
  void run(PreparedData text, ChildReporter parent);

  /**
   * Returns the class name with which a child JVM can create an equal object. Returns empty if the
   * class is not on the class path or has no constructor without parameters.
   */
  static Optional<String> type(Object object) {
    Class<?> type = object.getClass();
    ClassLoader loader =
        ChildJvm.bootLauncher().isPresent()
            ? ChildJob.class.getClassLoader()
            : ClassLoader.getSystemClassLoader();
    try {
      Class<?> owner = type.getDeclaredConstructor().getDeclaringClass();
      return owner == Class.forName(type.getName(), false, loader)
          ? Optional.of(type.getName())
          : Optional.empty();
    } catch (ReflectiveOperationException e) {
      return Optional.empty();
    }
  }

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
