package dev.mixlaw.mix.corpus;

import static org.assertj.core.api.Assertions.catchThrowable;

import dev.mixlaw.api.Corpus;
import java.io.File;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Opens corpora in a class loader that lacks an optional library. */
final class ReadingWithout {
  private ReadingWithout() {}

  /**
   * Returns the exception that opening a corpus throws.
   *
   * @param jar part of the file name of the missing library
   * @param factory name of a method of {@link Corpus} that takes a path
   */
  static Throwable library(String jar, String factory, Path file)
      throws IOException, ReflectiveOperationException {
    List<URL> classPath = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      if (!entry.contains(jar)) {
        classPath.add(Path.of(entry).toUri().toURL());
      }
    }
    try (URLClassLoader without =
        new URLClassLoader(classPath.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      Class<?> corpus = without.loadClass(Corpus.class.getName());
      Object described = corpus.getMethod(factory, Path.class).invoke(null, file);
      Class<?> corpora = without.loadClass(Corpora.class.getName());
      Throwable thrown =
          catchThrowable(() -> corpora.getMethod("open", corpus).invoke(null, described));
      return ((InvocationTargetException) thrown).getCause();
    }
  }
}
