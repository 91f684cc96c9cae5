package dev.mixlaw.train.run.internal.child;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * A child process with its two pipes. It ends when it is closed, and by itself when this process
 * does, however that ends.
 */
final class ChildJvm implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 30;
  private static final int TOLD = 2000;

  /** System properties that engines and what they stand on read. */
  private static final List<String> PASSED =
      List.of(
          "org.bytedeco.", "org.nd4j.", "dev.mixlaw.", "mixlaw.", "org.slf4j.", "java.io.tmpdir");

  private final Process process;
  private final Path said;
  private final DataOutputStream out;
  private final DataInputStream in;

  private ChildJvm(Process process, Path said) {
    this.process = process;
    this.said = said;
    this.out = new DataOutputStream(new BufferedOutputStream(process.getOutputStream(), 1 << 16));
    this.in = new DataInputStream(new BufferedInputStream(process.getInputStream(), 1 << 16));
  }

  static ChildJvm start(Class<?> main, int threads) {
    try {
      // What it and the JVM itself say: the reason, if it dies.
      Path said = Files.createTempFile("mixlaw-child-", ".log");
      ProcessBuilder builder = new ProcessBuilder(command(main, said));
      builder.redirectError(said.toFile());
      Map<String, String> environment = builder.environment();
      environment.putIfAbsent("OMP_NUM_THREADS", Integer.toString(threads));
      environment.putIfAbsent("OMP_WAIT_POLICY", "PASSIVE");
      try {
        return new ChildJvm(builder.start(), said);
      } catch (IOException e) {
        Files.deleteIfExists(said);
        throw e;
      }
    } catch (IOException e) {
      throw new MixlawException(
          MixlawException.Kind.ENGINE,
          new Problem(
              "no JVM can be started to train in",
              e.toString(),
              "a Java runtime in " + System.getProperty("java.home"),
              "LocalStudyRunner without inChildJvms"),
          e);
    }
  }

  private static List<String> command(Class<?> main, Path said) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx" + Runtime.getRuntime().maxMemory());
    command.add("-XX:+IgnoreUnrecognizedVMOptions");
    command.add("-XX:+DisplayVMOutputToStderr"); // the pipe is for answers alone
    command.add("-XX:ErrorFile=" + said);
    command.add("-XX:-CreateCoredumpOnCrash");
    for (String name : new TreeSet<>(System.getProperties().stringPropertyNames())) {
      if (PASSED.stream().anyMatch(name::startsWith)) {
        command.add("-D" + name + "=" + System.getProperty(name));
      }
    }
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    return command;
  }

  DataOutputStream out() {
    return out;
  }

  DataInputStream in() {
    return in;
  }

  /** What became of a child that no longer answers. */
  MixlawException death(String whose) {
    boolean ended = await();
    String how = ended ? ending(process.exitValue()) : "it closed its pipe and went on";
    process.destroyForcibly();
    return new MixlawException(
        MixlawException.Kind.ENGINE,
        new Problem(
            "the child JVM of " + whose + " died",
            how + told(),
            "one that lives until it is closed",
            "another start of the study, which goes on from its checkpoint; fewer workers or"
                + " smaller models if memory ran out"));
  }

  private static String ending(int exit) {
    return exit > 128 && exit < 160 ? "killed by signal " + (exit - 128) : "exit value " + exit;
  }

  private String told() {
    try {
      String all = new String(Files.readAllBytes(said), StandardCharsets.UTF_8).strip();
      return all.isEmpty() ? "" : "; it said: " + all.substring(0, Math.min(all.length(), TOLD));
    } catch (IOException e) {
      return "; what it said cannot be read: " + e;
    }
  }

  private boolean await() {
    try {
      return process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Ends it: its end of the pipe is its sign to go. */
  @Override
  public void close() {
    try {
      try {
        out.close();
      } catch (IOException e) {
        // It is gone already.
      }
      if (!await()) {
        process.destroyForcibly();
      }
      in.close();
      Files.deleteIfExists(said);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
