package dev.mixlaw.eval.mixture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.eval.internal.BoostedTreesTrainer;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Tests that the error without the boosting module names the artifact to add. */
class WithoutBoostingTest {
  /**
   * Fits boosted trees, and is loaded by a class loader that hides implementations of {@link
   * BoostedTreesTrainer}.
   */
  public static final class Boosting implements Supplier<String> {
    @Override
    public String get() {
      MixtureRuns runs = Simulated.runs(3, 40, 0.01, (r, s) -> 2 + r[0]);
      MixtureModel.linear().fit(runs, "domain", Resamples.none()).orElseThrow();
      Thread thread = Thread.currentThread();
      ClassLoader before = thread.getContextClassLoader();
      thread.setContextClassLoader(Boosting.class.getClassLoader());
      try {
        return MixtureModel.boosting().fit(runs, "domain", Resamples.none()).toString();
      } catch (MixlawException e) {
        return e.kind() + " " + e.getMessage();
      } finally {
        thread.setContextClassLoader(before);
      }
    }
  }

  private static final class Hiding extends URLClassLoader {
    Hiding(URL[] urls) {
      super(urls, ClassLoader.getPlatformClassLoader());
    }

    @Override
    public Enumeration<URL> findResources(String name) throws IOException {
      return name.endsWith(BoostedTreesTrainer.class.getName())
          ? Collections.emptyEnumeration()
          : super.findResources(name);
    }
  }

  @Test
  void absenceNamesTheArtifact() throws Exception {
    List<URL> all = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      all.add(Path.of(entry).toUri().toURL());
    }
    try (URLClassLoader loader = new Hiding(all.toArray(URL[]::new))) {
      Object boosting =
          loader.loadClass(Boosting.class.getName()).getDeclaredConstructor().newInstance();

      assertThat(((Supplier<?>) boosting).get().toString())
          .startsWith("ENGINE model boosting")
          .contains("dev.mixlaw:mixlaw-boosting");
    }
  }
}
