package dev.mixlaw.train.run.child;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * A child JVM with a pipe in each direction. It ends when it is closed or when this process ends.
 */
final class ChildJvm implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 30;

  /**
   * Prefixes of the system properties that are passed to the child, which are those of engines and
   * their libraries.
   */
  private static final List<String> PASSED =
      List.of(
          "org.bytedeco.", "org.nd4j.", "dev.mixlaw.", "mixlaw.", "org.slf4j.", "java.io.tmpdir");

  private final Process process;
  private final Path directory;
  private final OptionalLong killsBefore = CrashReport.killsForMemory();
  private final DataOutputStream out;
  private final DataInputStream in;

  private ChildJvm(Process process, Path directory) {
    this.process = process;
    this.directory = directory;
    this.out = new DataOutputStream(new BufferedOutputStream(process.getOutputStream(), 1 << 16));
    this.in = new DataInputStream(new BufferedInputStream(process.getInputStream(), 1 << 16));
  }

  static ChildJvm start(Class<?> main, int threads) {
    try {
      Path directory = Files.createTempDirectory("mixlaw-child-");
      ProcessBuilder builder = new ProcessBuilder(command(main, report(directory)));
      builder.redirectError(printed(directory).toFile());
      Map<String, String> environment = builder.environment();
      environment.putIfAbsent("OMP_NUM_THREADS", Integer.toString(threads));
      environment.putIfAbsent("OMP_WAIT_POLICY", "PASSIVE");
      try {
        return new ChildJvm(builder.start(), directory);
      } catch (IOException e) {
        delete(directory);
        throw e;
      }
    } catch (IOException e) {
      throw new MixlawException(
          MixlawException.Kind.ENGINE,
          new Problem(
              "a child JVM cannot be started",
              e.toString(),
              "a Java runtime in " + System.getProperty("java.home"),
              "use LocalStudyRunner without inChildJvms"),
          e);
    }
  }

  /** Returns the file that receives what the child prints. */
  private static Path printed(Path directory) {
    return directory.resolve("printed.log");
  }

  /** Returns the file that receives the fatal error log of the child. */
  private static Path report(Path directory) {
    return directory.resolve("hs_err.log");
  }

  private static void delete(Path directory) throws IOException {
    Files.deleteIfExists(printed(directory));
    Files.deleteIfExists(report(directory));
    Files.deleteIfExists(directory);
  }

  private static List<String> command(Class<?> main, Path report) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx" + Runtime.getRuntime().maxMemory());
    command.add("-XX:+IgnoreUnrecognizedVMOptions");
    command.add("-XX:+DisplayVMOutputToStderr"); // the pipe is reserved for responses
    command.add("-XX:ErrorFile=" + report);
    command.add("-XX:-CreateCoredumpOnCrash");
    for (String name : new TreeSet<>(System.getProperties().stringPropertyNames())) {
      if (PASSED.stream().anyMatch(name::startsWith)) {
        command.add("-D" + name + "=" + System.getProperty(name));
      }
    }
    command.add("-cp");
    command.add(classPath());
    command.add(main.getName());
    return command;
  }

  /** Returns the class path, followed by the module path if the application is modular. */
  private static String classPath() {
    List<String> entries = new ArrayList<>();
    entries.add(System.getProperty("java.class.path", ""));
    for (String entry : System.getProperty("jdk.module.path", "").split(File.pathSeparator, -1)) {
      boolean ofJars =
          Files.isDirectory(Path.of(entry))
              && !Files.exists(Path.of(entry).resolve("module-info.class"));
      entries.add(ofJars ? entry + File.separator + "*" : entry);
    }
    entries.removeIf(String::isEmpty);
    return String.join(File.pathSeparator, entries);
  }

  DataOutputStream out() {
    return out;
  }

  DataInputStream in() {
    return in;
  }

  /** Returns an exception that describes how a child that no longer responds ended. */
  ChildJvmDiedException death(String whose) {
    boolean ended = await();
    String how =
        ended
            ? CrashReport.ending(process.exitValue(), killsBefore, CrashReport.killsForMemory())
            : "it closed its output but did not exit";
    process.destroyForcibly();
    return new ChildJvmDiedException(
        new Problem(
            "the child JVM of " + whose + " died",
            how + CrashReport.of(report(directory), printed(directory)),
            "a JVM that runs until it is closed",
            "start the study again, which resumes from the checkpoint; use fewer workers or"
                + " smaller models if memory ran out"));
  }

  private boolean await() {
    try {
      return process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Ends the child by closing its pipe. */
  @Override
  public void close() {
    try {
      try {
        out.close();
      } catch (IOException e) {
        // It has already ended.
      }
      if (!await()) {
        process.destroyForcibly();
      }
      in.close();
      delete(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
