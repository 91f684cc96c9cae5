package dev.mixlaw.train.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Starts programs of the tests in other JVMs. */
final class TestJvm {
  private TestJvm() {}

  /**
   * Starts a program with the class path of this JVM. Its error output is merged into its standard
   * output.
   */
  static Process start(Class<?> program, Object... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                program.getName()));
    Arrays.stream(arguments).map(String::valueOf).forEach(command::add);
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }
}
