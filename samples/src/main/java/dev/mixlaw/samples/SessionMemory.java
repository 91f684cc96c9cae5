package dev.mixlaw.samples;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.api.spi.TrainingSession;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.RuntimeMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Measures the peak memory of a session, which is the resident memory outside the heap plus the
 * used heap. The session runs in a separate JVM whose heap is resident from the start.
 */
final class SessionMemory {
  private static final Path STATUS = Path.of("/proc/self/status");

  private SessionMemory() {}

  /** Returns the peak memory of a child JVM in bytes; empty if the system does not report it. */
  static OptionalLong measureInChild(Class<?> main, List<String> arguments)
      throws IOException, InterruptedException {
    if (!Files.exists(STATUS)) {
      return OptionalLong.empty();
    }
    RuntimeMXBean here = ManagementFactory.getRuntimeMXBean();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // JavaCPP's limits follow from the heap, which is small here.
    command.add("-Dorg.bytedeco.javacpp.maxbytes=0");
    command.add("-Dorg.bytedeco.javacpp.maxphysicalbytes=0");
    here.getInputArguments().stream().filter(a -> a.startsWith("-D")).forEach(command::add);
    command.addAll(List.of("-Xms512m", "-Xmx512m", "-XX:+AlwaysPreTouch", "-XX:+UseSerialGC"));
    command.addAll(List.of("-cp", here.getClassPath(), main.getName()));
    command.addAll(arguments);
    Process child =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (child.waitFor() != 0) {
      throw new IOException(
          "the JVM that measures memory ended with exit code " + child.exitValue());
    }
    return OptionalLong.of(Long.parseLong(said.strip()));
  }

  static long measureHere(TrainingEngine engine, SessionSpec spec) throws IOException {
    ModelSpec tiny = ModelSpec.of("tiny", 16, 1, 2, 16).withContext(16);
    SessionSpec first = new SessionSpec(tiny, 100, 2, Recipe.standard(), 1, spec.threads());
    // This session loads the native libraries and compiles the code that every session needs.
    try (TrainingSession session = engine.open(first)) {
      session.step(ConcurrentSessions.randomBatch(first), 1e-3);
    }
    int[] ids = ConcurrentSessions.randomBatch(spec);
    long heap = usedHeap();
    long before = status("VmRSS:");
    try (TrainingSession session = engine.open(spec)) {
      for (int i = 0; i < 3; i++) {
        session.step(ids, 1e-3);
      }
      long resident = Math.max(status("VmHWM:"), status("VmRSS:"));
      return resident - before + Math.max(0, usedHeap() - heap);
    }
  }

  private static long usedHeap() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private static long status(String field) throws IOException {
    for (String line : Files.readAllLines(STATUS)) {
      if (line.startsWith(field)) {
        return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
      }
    }
    throw new IOException(STATUS + " has no " + field);
  }
}
