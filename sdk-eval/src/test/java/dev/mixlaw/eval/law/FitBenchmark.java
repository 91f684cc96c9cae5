package dev.mixlaw.eval.law;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Times the global fit of the Chinchilla law with 4000 resamples on one core. For comparison, it
 * also times a SciPy script ({@code peers/fit/chinchilla_scipy.py}) if there is one beside the
 * published data. Run it with
 *
 * <pre>mvn -q -pl sdk-eval -am test-compile
 * mvn -q -pl sdk-eval exec:java -Dexec.classpathScope=test
 *     -Dexec.mainClass=dev.mixlaw.eval.law.FitBenchmark</pre>
 */
public final class FitBenchmark {
  private static final String HEAP = "16m";

  private FitBenchmark() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    if (args.length > 0) {
      fitOnce();
      return;
    }
    Observations points = SharedData.chinchilla().dropHighest(5);
    LawFitter fitter = LawFitter.of(LawForms.CHINCHILLA).bootstrap(4000);
    double best = Double.POSITIVE_INFINITY;
    for (int round = 0; round < 10; round++) { // the first rounds are warm-up
      long start = System.nanoTime();
      LawFit fit = fitter.seed(round).fit(points).orElseThrow();
      double seconds = (System.nanoTime() - start) / 1e9;
      System.out.printf(
          Locale.ROOT,
          "mixlaw: fit and 4000 resamples %.3f s, objective %.13f, E %s%n",
          seconds,
          fit.objective(),
          fit.parameter("E"));
      best = Math.min(best, seconds);
    }
    memory();
    Path data = SharedData.file("laws/chinchilla.csv");
    Path peer = data.resolve("../../../peers/fit/chinchilla_scipy.py").normalize();
    if (!Files.exists(peer)) {
      System.out.println("no " + peer + ": not compared");
      return;
    }
    Process python =
        new ProcessBuilder("python3", peer.toString(), data.toString(), "4500", "4000")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String line =
        new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    python.waitFor();
    double theirs = number(line, "\"seconds\"") + number(line, "\"bootstrap_seconds\"");
    System.out.println(line);
    System.out.printf(
        Locale.ROOT, "%.3f s against %.3f s: %.0f times%n", best, theirs, theirs / best);
  }

  /**
   * Fits once in a separate JVM with a heap of {@value #HEAP}, which fails if the heap is too
   * small.
   */
  private static void memory() throws IOException, InterruptedException {
    int code =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx" + HEAP,
                "-cp",
                System.getProperty("java.class.path"),
                FitBenchmark.class.getName(),
                "once")
            .inheritIO()
            .start()
            .waitFor();
    if (code != 0) {
      throw new IllegalStateException("a heap of " + HEAP + " does not suffice");
    }
  }

  private static void fitOnce() throws IOException {
    Observations points = SharedData.chinchilla().dropHighest(5);
    LawFit fit = LawFitter.of(LawForms.CHINCHILLA).bootstrap(4000).fit(points).orElseThrow();
    System.gc(); // what remains is the fit with its draws, and the JVM itself
    long live = Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    Path status = Path.of("/proc/self/status");
    String resident =
        Files.exists(status)
            ? Files.readAllLines(status).stream()
                .filter(l -> l.startsWith("VmHWM"))
                .findFirst()
                .orElse("")
                .replaceAll("\\s+", " ")
            : "";
    System.out.printf(
        Locale.ROOT,
        "memory: -Xmx%s suffices; %.1f MB live after %d resamples; whole process at most %s%n",
        HEAP,
        live / 1e6,
        fit.draws(),
        resident);
  }

  private static double number(String json, String key) {
    String rest = json.substring(json.indexOf(key) + key.length() + 1).strip();
    return Double.parseDouble(rest.split("[,}]", 2)[0]);
  }
}
