package dev.mixlaw.train.engine.decoder;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.api.spi.TrainingSession;
import dev.mixlaw.train.engine.decoder.cpu.Cpu;
import dev.mixlaw.train.engine.weights.WeightLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The engine {@code native}: a decoder of its own on the kernels of a device. */
public final class NativeEngine implements TrainingEngine {
  private final Platform platform;

  /** On the processor. */
  public NativeEngine() {
    this(new Cpu());
  }

  public NativeEngine(Platform platform) {
    this.platform = platform;
  }

  @Override
  public String name() {
    return "native";
  }

  /** Digits differ by instructions and precision. */
  @Override
  public String version() {
    return "1, " + platform.describe();
  }

  @Override
  public String device() {
    return platform.describe();
  }

  @Override
  public Optional<Problem> unavailable() {
    return platform.unavailable();
  }

  @Override
  public int rank() {
    return 50;
  }

  @Override
  public Cost cost(SessionSpec spec) {
    Grain grain = platform.grain(spec);
    Memory.Counter counter = new Memory.Counter(grain);
    int lanes = platform.lanes(spec);
    int rows = new SessionMemory(spec, lanes, grain, counter).part * spec.model().context();
    return new Cost(
        counter.bytes() + lanes * platform.kernelBytes(spec, rows),
        lanes * platform.flopsPerLane() / spec.model().trainingFlopsPerToken(spec.vocabulary()));
  }

  @Override
  public TrainingSession open(SessionSpec spec) {
    List<Problem> problems = new ArrayList<>();
    platform.unavailable().ifPresent(problems::add);
    for (WeightLayout.Tensor t : WeightLayout.of(spec.model(), spec.vocabulary()).tensors()) {
      // Neighbours of up to three are one tensor to a kernel.
      if (3 * t.length() > platform.largestTensor()) {
        problems.add(
            new Problem(
                "engine native: " + t.name() + " of " + spec.model().name() + " is too large",
                t.length() + " values",
                "at most " + platform.largestTensor() / 3,
                "a smaller ModelSpec or vocabulary"));
      }
    }
    if (!problems.isEmpty()) {
      throw new MixlawException(MixlawException.Kind.ENGINE, problems, null);
    }
    Device device = platform.open(spec);
    try {
      device.reserve(cost(spec).memoryBytes());
      return new DecoderSession(spec, platform.grain(spec), device);
    } catch (OutOfMemoryError e) {
      device.close();
      throw new MixlawException(
          MixlawException.Kind.ENGINE,
          new Problem(
              "engine native: model " + spec.model().name() + " does not fit in memory",
              cost(spec).memoryBytes() + " bytes, " + e.getMessage(),
              "what is free here",
              "a smaller ModelSpec or batch, -Xmx, or -Dorg.bytedeco.javacpp.maxphysicalbytes"),
          e);
    } catch (RuntimeException | Error e) {
      device.close();
      throw e;
    }
  }
}
