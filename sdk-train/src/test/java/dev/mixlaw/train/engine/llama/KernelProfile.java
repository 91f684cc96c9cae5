package dev.mixlaw.train.engine.llama;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.spi.Precision;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingSession;
import dev.mixlaw.train.engine.llama.cpu.CpuPlatform;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/**
 * A program that prints how the CPU time of a training step is divided among the kernels, on one
 * thread (see BENCHMARKS.md).
 *
 * <p>Its arguments are fp32 or bf16, width, layers, heads, feed-forward width, context, sequences,
 * vocabulary, and steps.
 */
final class KernelProfile {
  static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  static final Map<String, Long> NANOS = new TreeMap<>();

  private KernelProfile() {}

  public static void main(String[] args) {
    int[] n = new int[args.length];
    for (int i = 1; i < n.length; i++) {
      n[i] = Integer.parseInt(args[i]);
    }
    ModelSpec model = ModelSpec.of("profile", n[1], n[2], n[3], n[4]).withContext(n[5]);
    SessionSpec spec = new SessionSpec(model, n[7], n[6], Recipe.standard(), 1, 1);
    int[] batch = new Random(1).ints((long) n[6] * (n[5] + 1), 0, n[7]).toArray();
    CpuPlatform cpu = new CpuPlatform(Precision.valueOf(args[0].toUpperCase(Locale.ROOT)));
    try (TrainingSession session = new LlamaEngine(new Timed(cpu)).open(spec)) {
      for (int i = 0; i < Math.max(5, n[8]); i++) {
        session.step(batch, 1e-3);
      }
      NANOS.clear();
      for (int i = 0; i < n[8]; i++) {
        session.step(batch, 1e-3);
      }
    }
    long total = NANOS.values().stream().mapToLong(Long::longValue).sum();
    NANOS.forEach(
        (name, nanos) ->
            System.out.printf(Locale.ROOT, "%-20s %9.3f ms%n", name, nanos / 1e6 / n[8]));
    double flops = model.trainingFlopsPerToken(n[7]) * n[6] * n[5];
    System.out.printf(
        Locale.ROOT,
        "%-20s %9.3f ms, %.1f GFLOP/s a thread%n",
        "step",
        total / 1e6 / n[8],
        flops * n[8] / total);
  }

  /** A platform that measures the CPU time of each kernel. */
  record Timed(Platform platform) implements Platform {
    @Override
    public String precisionName() {
      return platform.precisionName();
    }

    @Override
    public String describe() {
      return platform.describe();
    }

    @Override
    public Optional<Problem> unavailable() {
      return platform.unavailable();
    }

    @Override
    public int lanes(SessionSpec spec) {
      return platform.lanes(spec);
    }

    @Override
    public long kernelBytes(SessionSpec spec, int rows, boolean trained) {
      return platform.kernelBytes(spec, rows, trained);
    }

    @Override
    public TileSizes tileSizes(SessionSpec spec) {
      return platform.tileSizes(spec);
    }

    @Override
    public double flopsPerLane(double flopsPerToken) {
      return platform.flopsPerLane(flopsPerToken);
    }

    @Override
    public long largestTensor() {
      return platform.largestTensor();
    }

    @Override
    public Device open(SessionSpec spec) {
      Device device = platform.open(spec);
      DeviceKernels kernels = timed(device.kernels(0));
      return (Device)
          Proxy.newProxyInstance(
              Device.class.getClassLoader(),
              new Class<?>[] {Device.class},
              (proxy, method, arguments) -> {
                if (method.getName().equals("kernels")) {
                  return kernels;
                }
                return call(device, method, arguments);
              });
    }

    private static DeviceKernels timed(DeviceKernels kernels) {
      return (DeviceKernels)
          Proxy.newProxyInstance(
              DeviceKernels.class.getClassLoader(),
              new Class<?>[] {DeviceKernels.class},
              (proxy, method, arguments) -> {
                long start = THREADS.getCurrentThreadCpuTime();
                Object result = call(kernels, method, arguments);
                NANOS.merge(method.getName(), THREADS.getCurrentThreadCpuTime() - start, Long::sum);
                return result;
              });
    }

    private static Object call(Object on, java.lang.reflect.Method method, Object[] arguments)
        throws Throwable {
      try {
        return method.invoke(on, arguments);
      } catch (InvocationTargetException e) {
        throw e.getCause();
      }
    }
  }
}
