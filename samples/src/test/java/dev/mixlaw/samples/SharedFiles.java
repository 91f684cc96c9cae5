package dev.mixlaw.samples;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Files in a folder outside of the project, which the system property or environment variable
 * {@code MIXLAW_SHARED} names. Without it, tests that need them are skipped.
 */
final class SharedFiles {
  private SharedFiles() {}

  /**
   * Returns a file such as {@code data/laws/chinchilla.csv}, or skips the test if there is none.
   */
  static Path find(String name) {
    String said = System.getProperty("MIXLAW_SHARED", System.getenv("MIXLAW_SHARED"));
    Optional<Path> found =
        Stream.iterate(Path.of("").toAbsolutePath(), at -> at != null, Path::getParent)
            .map(at -> said == null ? at.resolve("shared") : Path.of(said))
            .map(shared -> shared.resolve(name))
            .filter(Files::exists)
            .findFirst();
    assumeTrue(
        found.isPresent(),
        () -> "skipped: no shared/" + name + "; set MIXLAW_SHARED to the folder that has it");
    return found.orElseThrow();
  }
}
