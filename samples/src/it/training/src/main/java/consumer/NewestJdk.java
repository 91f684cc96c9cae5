package consumer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * Runs {@link Main} on the newest JDK of this machine, with the same class path and module path. The
 * JDK must print no warning.
 */
public final class NewestJdk {
  private static final int OLDEST = 21;

  private NewestJdk() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    Optional<Path> home =
        Stream.concat(besideThis(), ofEnvironment())
            .filter(found -> version(found) >= OLDEST)
            .max(Comparator.comparingInt(NewestJdk::version));
    if (home.isEmpty()) {
      System.out.println("SKIPPED: no JDK " + OLDEST + " or newer beside " + System.getProperty("java.home")
          + " or in a variable JAVA_HOME_…");
      return;
    }
    List<String> command = new ArrayList<>();
    command.add(home.get().resolve("bin/java").toString());
    if (NewestJdk.class.getModule().isNamed()) {
      command.add("--enable-native-access=com.sun.jna,org.bytedeco.dnnl,org.bytedeco.javacpp,org.bytedeco.opencl");
      command.addAll(List.of("--module-path", System.getProperty("jdk.module.path")));
      command.addAll(List.of("--add-modules", "ALL-MODULE-PATH", "--module", "consumer/consumer.Main"));
    } else {
      command.add("--enable-native-access=ALL-UNNAMED");
      command.addAll(List.of("-classpath", System.getProperty("java.class.path"), "consumer.Main"));
    }
    command.addAll(Arrays.asList(args));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String printed = new String(process.getInputStream().readAllBytes());
    System.out.println("on " + home.get() + ":" + System.lineSeparator() + printed);
    if (process.waitFor() != 0 || printed.contains("WARNING")) {
      throw new IllegalStateException("exit code " + process.waitFor() + ", or a warning");
    }
  }

  private static Stream<Path> besideThis() throws IOException {
    return Files.list(Path.of(System.getProperty("java.home")).getParent());
  }

  /** Returns the JDKs that GitHub's machines name in JAVA_HOME_21_X64 and the like. */
  private static Stream<Path> ofEnvironment() {
    return System.getenv().entrySet().stream()
        .filter(variable -> variable.getKey().startsWith("JAVA_HOME_"))
        .map(variable -> Path.of(variable.getValue()));
  }

  private static int version(Path home) {
    Properties release = new Properties();
    try (var in = Files.newInputStream(home.resolve("release"))) {
      release.load(in);
    } catch (IOException e) {
      return 0; // no JDK
    }
    String version = release.getProperty("JAVA_VERSION", "0").replace("\"", "");
    return Integer.parseInt(version.split("[^0-9]")[0]);
  }
}
