package dev.mixlaw.eval.mixture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mixlaw.api.MixlawException;
import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * Tests that without LightGBM, which is optional, other models work, and boosting names the
 * artifact to add.
 */
class WithoutLightGbmTest {

  /** Fits models; is loaded by a class loader that lacks LightGBM. */
  public static final class Boosting implements Supplier<String> {
    @Override
    public String get() {
      MixtureRuns runs = Simulated.runs(3, 40, 0.01, (r, s) -> 2 + r[0]);
      MixtureModel.linear().fit(runs, "domain", Resamples.none()).orElseThrow();
      try {
        return MixtureModel.boosting().fit(runs, "domain", Resamples.none()).toString();
      } catch (MixlawException e) {
        return e.kind() + " " + e.getMessage();
      }
    }
  }

  @Test
  void itsAbsenceNamesTheArtifact() throws Exception {
    List<URL> rest = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      if (!entry.contains("lightgbm4j")) {
        rest.add(Path.of(entry).toUri().toURL());
      }
    }
    try (URLClassLoader loader =
        new URLClassLoader(rest.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      Object boosting =
          loader.loadClass(Boosting.class.getName()).getDeclaredConstructor().newInstance();

      assertThatThrownBy(() -> loader.loadClass("io.github.metarank.lightgbm4j.LGBMBooster"))
          .isInstanceOf(ClassNotFoundException.class);
      assertThat(boosting).isInstanceOfSatisfying(Supplier.class, this::namesTheArtifact);
    }
  }

  private void namesTheArtifact(Supplier<?> boosting) {
    assertThat(Arrays.asList(boosting.get().toString().split(":", 2)).get(0))
        .startsWith("ENGINE model boosting");
    assertThat(boosting.get().toString())
        .contains("io.github.metarank:lightgbm4j")
        .contains("--add-modules lightgbm4j");
  }
}
