package dev.mixlaw.train.engine.dl4j;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.spi.SessionSpec;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * A program that prints how the CPU time of a training step is divided among the kernels, on one
 * thread (see BENCHMARKS.md).
 *
 * <p>Its arguments are cpu or nd4j, width, layers, heads, feed-forward width, context, sequences,
 * vocabulary, and steps.
 */
final class KernelProfile {
  private static final ThreadMXBean CLOCK = ManagementFactory.getThreadMXBean();

  private KernelProfile() {}

  public static void main(String[] args) {
    int[] n = Arrays.stream(args).skip(1).mapToInt(Integer::parseInt).toArray();
    ModelSpec model = ModelSpec.of("profile", n[0], n[1], n[2], n[3]).withContext(n[4]);
    SessionSpec spec = new SessionSpec(model, n[6], n[5], Recipe.standard(), 1, 1);
    Map<String, Long> times = new TreeMap<>();
    Kernels backend = Backend.get().kernels();
    Kernels kernels = timed(args[0].equals("nd4j") ? new Nd4jKernels() : backend, times);
    int[] batch = new Random(1).ints((long) n[5] * (n[4] + 1), 0, n[6]).toArray();
    try (Dl4jSession session = new Dl4jSession(spec, DataType.FLOAT, () -> kernels)) {
      for (int i = 0; i < n[7]; i++) {
        session.step(batch, 1e-3);
      }
      times.clear();
      long start = CLOCK.getCurrentThreadCpuTime();
      for (int i = 0; i < n[7]; i++) {
        session.step(batch, 1e-3);
      }
      times.put("step", CLOCK.getCurrentThreadCpuTime() - start);
    }
    times.forEach(
        (name, nanos) ->
            System.out.printf(Locale.ROOT, "%-20s %8.2f ms%n", name, nanos / 1e6 / n[7]));
  }

  private static Kernels timed(Kernels kernels, Map<String, Long> times) {
    return (Kernels)
        Proxy.newProxyInstance(
            Kernels.class.getClassLoader(),
            new Class<?>[] {Kernels.class},
            (proxy, method, arguments) -> {
              long start = CLOCK.getCurrentThreadCpuTime();
              try {
                return method.invoke(kernels, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              } finally {
                times.merge(method.getName(), CLOCK.getCurrentThreadCpuTime() - start, Long::sum);
              }
            });
  }
}
