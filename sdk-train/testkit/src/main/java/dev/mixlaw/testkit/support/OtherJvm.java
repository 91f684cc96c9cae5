package dev.mixlaw.testkit.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Runs a program of the tests in another JVM.
 *
 * @param options options of the JVM
 * @param classPath class path of the program
 * @param environment environment variables in addition to those of this JVM
 */
public record OtherJvm(List<String> options, String classPath, Map<String, String> environment) {
  /** Returns a JVM with the classes of this JVM's class path and module path. */
  public static OtherJvm with(String... options) {
    String classPath =
        Stream.of("surefire.test.class.path", "java.class.path", "jdk.module.path")
            .flatMap(name -> Stream.ofNullable(System.getProperty(name)))
            .collect(Collectors.joining(File.pathSeparator));
    return new OtherJvm(List.of(options), classPath, Map.of());
  }

  /** Returns a copy with other environment variables. */
  public OtherJvm in(Map<String, String> other) {
    return new OtherJvm(options, classPath, other);
  }

  /** Returns a copy with an additional entry of the class path. */
  public OtherJvm and(String entry) {
    return new OtherJvm(options, classPath + File.pathSeparator + entry, environment);
  }

  /** Returns a copy without the jars whose names begin and end as specified. */
  public OtherJvm without(String begin, String end) {
    List<String> kept = new ArrayList<>();
    for (String entry : classPath.split(File.pathSeparator, -1)) {
      String name = String.valueOf(Path.of(entry).getFileName());
      if (!(name.startsWith(begin) && name.endsWith(end))) {
        kept.add(entry);
      }
    }
    String rest = String.join(File.pathSeparator, kept);
    assertThat(rest).as("class path without %s...%s", begin, end).isNotEqualTo(classPath);
    return new OtherJvm(options, rest, environment);
  }

  /** Runs a program and returns its output. Fails if the exit code is not 0. */
  public String run(Class<?> program, List<String> arguments)
      throws IOException, InterruptedException {
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
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int exit = process.waitFor();
      assertThat(exit).as("%s%s", output, Files.readString(errors)).isZero();
      return output;
    } finally {
      Files.delete(errors);
    }
  }
}
