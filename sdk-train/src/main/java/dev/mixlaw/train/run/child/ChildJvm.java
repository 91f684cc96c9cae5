package dev.mixlaw.train.run.child;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.internal.spi.PreparedData;
import dev.mixlaw.train.storage.JsonRecords;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A child JVM that runs a {@link ChildJob} and ends when the job or this process ends. */
public final class ChildJvm implements AutoCloseable {
  /** Memory in bytes of a JVM with an engine but without a model (see BENCHMARKS.md). */
  public static final long BYTES = 160L << 20;

  /** The prefix of every report. Native libraries may print other text to the same stream. */
  static final String MARK = "\u0001mixlaw ";

  private static final String MAIN = ChildMain.class.getName();

  private static final long PATIENCE_SECONDS = 30;

  private static final List<String> PASSED =
      List.of(
          "org.bytedeco.", "org.nd4j.", "dev.mixlaw.", "mixlaw.", "org.slf4j.", "java.io.tmpdir");

  private final Process process;
  private final Path directory;
  private final long silenceNanos;
  private final OptionalLong killsBefore = CrashReport.killsForMemory();
  private volatile boolean waiting;
  private volatile long waitingSince;
  private volatile boolean silent;

  private ChildJvm(Process process, Path directory, Duration silence) {
    this.process = process;
    this.directory = directory;
    this.silenceNanos = silence.toNanos();
  }

  public enum Answer {
    CONTINUE,
    /** The job writes a checkpoint and stops. */
    SAVE_AND_STOP,
    STOP
  }

  public interface Parent {
    void on(ChildReport report);

    /** Returns the answer to a report. This method is called several times per second. */
    Answer answer();
  }

  /**
   * Runs a job in a new JVM and waits until it has ended.
   *
   * @param properties additional system properties of the JVM
   * @param silence duration without reports after which the JVM is killed
   * @throws ChildJvmDiedException if the JVM ends before the job has ended
   * @throws MixlawException if the job fails for a reason that also affects this process
   */
  public static void run(
      String name,
      Map<String, String> properties,
      int threads,
      ChildJob job,
      PreparedData.Reopening text,
      Duration silence,
      Parent parent) {
    try (ChildJvm jvm = start(properties, threads, silence)) {
      jvm.watch();
      if (!jvm.serve(job, text, parent)) {
        throw jvm.death(name);
      }
    }
  }

  private static ChildJvm start(Map<String, String> properties, int threads, Duration silence) {
    try {
      Path directory = Files.createTempDirectory("mixlaw-child-");
      ProcessBuilder builder = new ProcessBuilder(command(report(directory), properties));
      builder.redirectError(printed(directory).toFile());
      Map<String, String> environment = builder.environment();
      environment.putIfAbsent("OMP_NUM_THREADS", Integer.toString(threads));
      environment.putIfAbsent("OMP_WAIT_POLICY", "PASSIVE");
      try {
        return new ChildJvm(builder.start(), directory, silence);
      } catch (IOException e) {
        delete(directory);
        throw e;
      }
    } catch (IOException e) {
      throw MixlawException.engine(
          "a child JVM cannot be started",
          e.toString(),
          "a Java runtime in " + System.getProperty("java.home"),
          "use LocalStudyRunner without inChildJvms",
          e);
    }
  }

  private static Path printed(Path directory) {
    return directory.resolve("printed.log");
  }

  private static Path report(Path directory) {
    return directory.resolve("hs_err.log");
  }

  private static void delete(Path directory) throws IOException {
    Files.deleteIfExists(printed(directory));
    Files.deleteIfExists(report(directory));
    Files.deleteIfExists(directory);
  }

  private static List<String> command(Path report, Map<String, String> properties) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx" + Runtime.getRuntime().maxMemory());
    command.add("-XX:+IgnoreUnrecognizedVMOptions");
    command.add("-XX:+DisplayVMOutputToStderr"); // standard output is reserved for reports
    command.add("-XX:ErrorFile=" + report);
    command.add("-XX:-CreateCoredumpOnCrash");
    for (String name : new TreeSet<>(System.getProperties().stringPropertyNames())) {
      if (PASSED.stream().anyMatch(name::startsWith)) {
        command.add("-D" + name + "=" + System.getProperty(name));
      }
    }
    properties.forEach((name, value) -> command.add("-D" + name + "=" + value));
    bootLauncher().ifPresent(launcher -> command.add("-Dloader.main=" + MAIN));
    command.add("-cp");
    command.add(classPath());
    command.add(bootLauncher().orElse(MAIN));
    return command;
  }

  /**
   * Returns the class that starts a given class of a Spring Boot jar. Returns empty if Mixlaw was
   * not loaded from such a jar.
   */
  static Optional<String> bootLauncher() {
    Class<?> loader = ChildJvm.class.getClassLoader().getClass();
    return loader.getName().startsWith("org.springframework.boot.loader.")
        ? Optional.of(loader.getPackageName() + ".PropertiesLauncher")
        : Optional.empty();
  }

  /** Returns the class path, followed by the module path of a modular application. */
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

  /** Kills the JVM if it sends no reports for too long. */
  private void watch() {
    CompletableFuture.delayedExecutor(silenceNanos / 4, TimeUnit.NANOSECONDS)
        .execute(
            () -> {
              if (waiting && System.nanoTime() - waitingSince > silenceNanos) {
                silent = true;
                process.destroyForcibly();
              } else if (process.isAlive()) {
                watch();
              }
            });
  }

  /** Passes the job to the child and answers its reports. Returns whether the job has ended. */
  private boolean serve(ChildJob job, PreparedData.Reopening text, Parent parent) {
    try (BufferedReader in =
            new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        ObjectOutputStream out = new ObjectOutputStream(process.getOutputStream())) {
      out.writeObject(job.getClass().getName());
      out.writeObject(JsonRecords.compact(job));
      out.writeObject(text);
      out.flush();
      for (ChildReport report = next(in); report != null; report = next(in)) {
        waiting = false;
        if (report.kind() == ChildReport.Kind.FAILED) {
          throw report.failure();
        } else if (report.kind() != ChildReport.Kind.ALIVE) {
          parent.on(report);
        }
        out.write(parent.answer().ordinal());
        out.flush();
        waitingSince = System.nanoTime();
        waiting = true;
      }
      return ended() && process.exitValue() == 0;
    } catch (IOException e) {
      return false; // the exit status explains it
    }
  }

  private static @Nullable ChildReport next(BufferedReader in) throws IOException {
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      int at = line.indexOf(MARK);
      if (at >= 0) {
        byte[] json = line.substring(at + MARK.length()).getBytes(StandardCharsets.UTF_8);
        return JsonRecords.read(json, ChildReport.class);
      }
    }
    return null;
  }

  private boolean ended() {
    return process
        .onExit()
        .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .handle((p, late) -> late == null)
        .join();
  }

  private ChildJvmDiedException death(String whose) {
    String how =
        silent
            ? "it was killed because it did not respond for " + silenceNanos / 1_000_000_000 + " s"
            : ended()
                ? CrashReport.ending(process.exitValue(), killsBefore, CrashReport.killsForMemory())
                : "it closed its output but did not exit";
    return new ChildJvmDiedException(
        new Problem(
            "the child JVM of " + whose + " died",
            how + CrashReport.of(report(directory), printed(directory)),
            "a JVM that runs until its job has ended",
            "run the study again; it resumes from the last checkpoint. If memory ran out, use fewer workers or smaller models"));
  }

  @Override
  public void close() {
    process.destroyForcibly();
    ended();
    try {
      delete(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
