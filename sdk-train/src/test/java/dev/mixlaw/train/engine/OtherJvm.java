package dev.mixlaw.train.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A program of the tests in a JVM of its own, whose class path, options and environment differ. */
record OtherJvm(List<String> options, String classPath, Map<String, String> environment) {
  static OtherJvm with(String... options) {
    String here = System.getProperty("java.class.path");
    return new OtherJvm(
        List.of(options), System.getProperty("surefire.test.class.path", here), Map.of());
  }

  OtherJvm in(Map<String, String> other) {
    return new OtherJvm(options, classPath, other);
  }

  /** Leaves out the jars whose names begin and end so. */
  OtherJvm without(String begin, String end) {
    List<String> kept = new ArrayList<>();
    String separator = System.getProperty("path.separator");
    for (String entry : classPath.split(separator, -1)) {
      String name = String.valueOf(Path.of(entry).getFileName());
      if (!(name.startsWith(begin) && name.endsWith(end))) {
        kept.add(entry);
      }
    }
    assertThat(String.join(separator, kept))
        .as("there is one to leave out")
        .isNotEqualTo(classPath);
    return new OtherJvm(options, String.join(separator, kept), environment);
  }

  /** What it prints. */
  String run(Class<?> program, List<String> arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-cp", classPath, program.getName()));
    command.addAll(arguments);
    Path errors = Files.createTempFile("mixlaw-other-jvm", ".log");
    try {
      ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
      builder.environment().putAll(environment);
      Process process = builder.start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(() -> said + read(errors)).isZero();
      return said;
    } finally {
      Files.delete(errors);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
