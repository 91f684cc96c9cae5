package dev.mixlaw.train.engine.llama.cuda;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.train.engine.llama.Device;
import dev.mixlaw.train.engine.llama.DeviceKernels;
import dev.mixlaw.train.engine.llama.Floats;
import dev.mixlaw.train.engine.llama.Ints;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The memory traffic of kernels, counted on a simulated GPU.
 *
 * @param kernels totals by name of the kernel
 * @param places source positions at which a kernel reads or writes memory
 */
record MemoryTraffic(Map<String, Kernel> kernels, List<Place> places) {
  /**
   * The total of all launches of a kernel.
   *
   * @param read bytes of global memory that are read, in sectors of 32 bytes; a launch counts each
   *     sector once
   * @param written bytes of global memory that are written, counted in the same way
   * @param products number of tensor-core operations of a warp, on fragments of 16 × 16 and 16 × 8
   *     values
   */
  record Kernel(long launches, long read, long written, long products) {}

  /**
   * The memory accesses at one source position of a kernel.
   *
   * @param moved bytes of global memory in sectors of 32 bytes, or number of accesses to shared
   *     memory
   * @param least the smallest value of {@code moved} that is possible
   */
  record Place(
      String kernel, boolean shared, boolean writes, String source, long moved, long least) {}

  /** A simulated device and the inputs that are written to it. */
  record Lab(Device device, Random random) {
    Floats values(int n, boolean exact) {
      float[] values = new float[n];
      for (int i = 0; i < n; i++) {
        values[i] = (float) random.nextGaussian();
      }
      Floats there = exact ? device.allocate(n) : device.allocateActivations(n);
      device.write(values, there, n);
      return there;
    }

    Floats bf16(int n) {
      return values(n, false);
    }

    Floats exact(int n) {
      return values(n, true);
    }

    Ints ids(int n, int limit) {
      Ints ids = device.allocateIds(n);
      ids.put(random.ints(n, 0, limit).toArray(), n);
      return ids;
    }

    /** Returns the ids 0 to n - 1. */
    Ints inOrder(int n) {
      Ints ids = device.allocateIds(n);
      ids.put(java.util.stream.IntStream.range(0, n).toArray(), n);
      return ids;
    }

    void run(Consumer<DeviceKernels> call) {
      device.onEach(lane -> call.accept(device.kernels(lane)));
    }
  }

  /** Counts the memory traffic of work on a simulated device in bf16. */
  static MemoryTraffic of(Consumer<Lab> work) {
    SessionSpec spec =
        new SessionSpec(ModelSpec.of("kernels", 8, 1, 1, 8), 10, 1, Recipe.standard(), 1, 1);
    try (Device device = new FakeCudaPlatform(true, FakeCudaPlatform.LARGE).open(spec)) {
      FakeCudaPlatform.call("fakeCount", void.class, 1);
      work.accept(new Lab(device, new Random(1)));
      Floats one = device.allocate(1);
      device.read(one, new float[1], 1);
      return parse(
          FakeCudaPlatform.fake().getFunction("fakeCounts").invokeString(new Object[0], false));
    } finally {
      FakeCudaPlatform.call("fakeCount", void.class, 0);
    }
  }

  private static MemoryTraffic parse(String text) {
    Map<String, Kernel> kernels = new TreeMap<>();
    List<Place> places = new java.util.ArrayList<>();
    for (String line : text.lines().toList()) {
      String[] f = line.split("\t", -1);
      if (f.length == 5) {
        kernels.put(
            f[0],
            new Kernel(
                Long.parseLong(f[1]),
                Long.parseLong(f[2]),
                Long.parseLong(f[3]),
                Long.parseLong(f[4])));
      } else {
        places.add(
            new Place(
                f[0],
                f[1].equals("shared"),
                f[2].equals("write"),
                f[3],
                Long.parseLong(f[6]),
                Long.parseLong(f[7])));
      }
    }
    return new MemoryTraffic(kernels, places);
  }
}
