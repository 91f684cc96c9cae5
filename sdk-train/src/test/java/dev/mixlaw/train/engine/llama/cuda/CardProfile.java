package dev.mixlaw.train.engine.llama.cuda;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.FloatByReference;
import com.sun.jna.ptr.PointerByReference;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingSession;
import dev.mixlaw.train.engine.llama.LlamaEngine;
import dev.mixlaw.train.engine.llama.Platform;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A program that measures the GPU time of each kernel of a training step with CUDA events (see
 * BENCHMARKS.md). It replays graphs command by command, so that each command can be timed.
 *
 * <p>Its arguments are bf16, tf32 or fp32, width, layers, heads, feed-forward width, context,
 * sequences, vocabulary, and steps.
 */
final class CardProfile extends NvidiaCard {
  private final CudaDriver driver;
  private final Clock clock;
  private final boolean bf16;
  private final Map<Long, String> kernels = new HashMap<>();
  private final Map<Long, List<Command>> graphs = new HashMap<>();
  private @Nullable List<Command> captured;
  private long lastGraph;
  private final List<Long> events = new ArrayList<>();
  private final List<String> names = new ArrayList<>();
  private final Map<String, Double> seconds = new TreeMap<>();

  /**
   * False while the superclass constructor runs. It sets memory to zero, which cannot be timed yet.
   */
  private final boolean opened;

  /** The function of the CUDA driver that only this program needs. */
  interface Clock extends Library {
    int cuEventElapsedTime(FloatByReference milliseconds, Pointer from, Pointer to);
  }

  /** A named command whose time is measured. */
  private record Command(String name, Runnable work) {}

  CardProfile(CudaHost host, KernelCache cache, boolean tf32, Clock clock, boolean bf16) {
    super(host, cache, tf32, Duration.ofMinutes(10), System::nanoTime);
    driver = host.driver();
    this.clock = clock;
    this.bf16 = bf16;
    opened = true;
  }

  public static void main(String[] args) {
    int[] n = new int[args.length];
    for (int i = 1; i < n.length; i++) {
      n[i] = Integer.parseInt(args[i]);
    }
    ModelSpec model = ModelSpec.of("profile", n[1], n[2], n[3], n[4]).withContext(n[5]);
    SessionSpec spec = new SessionSpec(model, n[7], n[6], Recipe.standard(), 1, 1);
    int[] batch = new Random(1).ints((long) n[6] * (n[5] + 1), 0, n[7]).toArray();
    CudaPlatform platform = new CudaPlatform(args[0]);
    String driver = com.sun.jna.Platform.isWindows() ? "nvcuda" : "libcuda.so.1";
    CardProfile profile =
        new CardProfile(
            platform.host(),
            KernelCache.standard(),
            args[0].equals("tf32"),
            Native.load(driver, Clock.class),
            args[0].equals("bf16"));
    try (TrainingSession session = new LlamaEngine(profile.on(platform)).open(spec)) {
      int steps = n[8];
      Map<String, Double> times = Map.of();
      for (int round = 0; round < 2; round++) { // the first one warms up
        times =
            profile.secondsByKernel(
                () -> {
                  for (int i = 0; i < steps; i++) {
                    session.step(batch, 1e-3);
                  }
                });
      }
      times.forEach(
          (name, time) ->
              System.out.printf(Locale.ROOT, "%-24s %9.3f ms%n", name, time / steps * 1e3));
    }
  }

  /** Returns a copy of a platform that opens the GPU of this profile. */
  Platform on(Platform platform) {
    return (Platform)
        Proxy.newProxyInstance(
            Platform.class.getClassLoader(),
            new Class<?>[] {Platform.class},
            (proxy, method, arguments) ->
                method.getName().equals("open")
                    ? CudaDevice.on(this, bf16)
                    : call(platform, method, arguments));
  }

  private static @Nullable Object call(Object on, Method method, Object @Nullable [] arguments)
      throws Throwable {
    try {
      return method.invoke(on, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  @Override
  long kernel(KernelProgram program, String name) {
    long kernel = super.kernel(program, name);
    kernels.put(kernel, name);
    return kernel;
  }

  @Override
  void launch(long kernel, Grid grid, long[] arguments, int at, int count) {
    long[] own = Arrays.copyOfRange(arguments, at, at + count);
    command(kernels.get(kernel), () -> super.launch(kernel, grid, own, 0, count));
  }

  @Override
  void multiply(long product, long a, long b, long c, long d) {
    command("products", () -> super.multiply(product, a, b, c, d));
  }

  @Override
  void zero(long to, long bytes) {
    if (opened) {
      command("zero", () -> super.zero(to, bytes));
    } else {
      super.zero(to, bytes);
    }
  }

  @Override
  void copy(long from, long to, long bytes) {
    command("copy", () -> super.copy(from, to, bytes));
  }

  private void command(String name, Runnable work) {
    if (captured != null) {
      captured.add(new Command(name, work));
      return;
    }
    mark(names.size());
    names.add(name);
    work.run();
  }

  @Override
  long captureGraph(Runnable work) {
    captured = new ArrayList<>();
    work.run();
    graphs.put(++lastGraph, captured);
    captured = null;
    return lastGraph;
  }

  @Override
  void launchGraph(long graph) {
    graphs.get(graph).forEach(c -> command(c.name(), c.work()));
  }

  @Override
  void destroyGraph(long graph) {
    graphs.remove(graph);
  }

  private void mark(int event) {
    if (event == events.size()) {
      PointerByReference made = new PointerByReference();
      CudaDriver.check(driver, driver.cuEventCreate(made, 0), "making an event");
      events.add(Pointer.nativeValue(made.getValue()));
    }
    recordEvent(NvidiaCard.Stream.COMPUTE, events.get(event));
  }

  /**
   * Returns the seconds that each kind of command took, and those between commands.
   *
   * @param work steps of a session that was opened on this profile's platform
   */
  Map<String, Double> secondsByKernel(Runnable work) {
    synchronize();
    names.clear();
    seconds.clear();
    long begin = System.nanoTime();
    work.run();
    mark(names.size());
    synchronize();
    double all = (System.nanoTime() - begin) / 1e9;
    FloatByReference milliseconds = new FloatByReference();
    for (int i = 0; i < names.size(); i++) {
      CudaDriver.check(
          driver,
          clock.cuEventElapsedTime(
              milliseconds, new Pointer(events.get(i)), new Pointer(events.get(i + 1))),
          "asking for the time");
      seconds.merge(names.get(i), milliseconds.getValue() / 1e3, Double::sum);
    }
    double computing = seconds.values().stream().mapToDouble(s -> s).sum();
    seconds.put("between kernels", Math.max(0, all - computing));
    return seconds;
  }

  @Override
  public void close() {
    events.forEach(e -> driver.cuEventDestroy_v2(new Pointer(e)));
    events.clear();
    super.close();
  }
}
