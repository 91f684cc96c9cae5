package dev.mixlaw.api.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServicesTest {
  /** A service. */
  public interface Service {}

  /** An implementation of the service. */
  public static final class OwnService implements Service {}

  @TempDir private Path dir;

  @Test
  void findsServicesOfTheContextClassLoader() throws IOException {
    assertThat(found(getClass().getClassLoader())).hasOnlyElementsOfType(OwnService.class);
    assertThat(all()).isEmpty();
  }

  @Test
  void skipsServicesOfAnotherCopyOfTheApi() throws IOException {
    assertThat(found(ClassLoader.getPlatformClassLoader())).isEmpty();
  }

  private static List<Service> all() {
    return Services.all(Service.class, ServicesTest.class.getClassLoader());
  }

  /**
   * Returns the services that are found with a context class loader that provides {@link
   * OwnService}.
   */
  private List<Service> found(ClassLoader parent) throws IOException {
    Path services = Files.createDirectories(dir.resolve("META-INF/services"));
    Files.writeString(services.resolve(Service.class.getName()), OwnService.class.getName());
    URL[] classPath =
        Stream.concat(
                Stream.of(dir.toString()),
                Stream.of(System.getProperty("java.class.path").split(File.pathSeparator)))
            .map(entry -> url(Path.of(entry)))
            .toArray(URL[]::new);
    return under(new URLClassLoader(classPath, parent), ServicesTest::all);
  }

  private static <T> T under(URLClassLoader loader, Supplier<T> action) throws IOException {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (loader) {
      thread.setContextClassLoader(loader);
      return action.get();
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private static URL url(Path path) {
    try {
      return path.toUri().toURL();
    } catch (MalformedURLException e) {
      throw new UncheckedIOException(e);
    }
  }
}
