package dev.mixlaw.train.engine.decoder.cuda;

import dev.mixlaw.api.Problem;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.train.engine.decoder.Device;
import dev.mixlaw.train.engine.decoder.Grain;
import dev.mixlaw.train.engine.decoder.Platform;
import java.util.Optional;

/**
 * The device of a card, on {@link HostCard}.
 *
 * @param rounded whether activations are bf16
 * @param sharedMemory that a block of threads may have
 */
public record HostCuda(boolean rounded, int sharedMemory) implements Platform {
  /** Of an H100. */
  public static final int LARGE = 227 * 1024;

  /** Of cards for workstations. */
  public static final int SMALL = 99 * 1024;

  @Override
  public String describe() {
    return "a processor in a card's place";
  }

  @Override
  public Optional<Problem> unavailable() {
    return HostCard.canCompile()
        ? Optional.empty()
        : Optional.of(new Problem("kernels cannot be compiled", "no g++", "g++", "PATH"));
  }

  @Override
  public int lanes(SessionSpec spec) {
    return 1;
  }

  @Override
  public long kernelBytes(SessionSpec spec, int rows) {
    return 0;
  }

  @Override
  public Grain grain(SessionSpec spec) {
    int each = rounded ? 2 : 4;
    return new Grain(300, 10_000, 1L << 40, each, rounded ? 6 : 4);
  }

  @Override
  public double flopsPerLane() {
    return 1e9;
  }

  @Override
  public long largestTensor() {
    return Integer.MAX_VALUE;
  }

  @Override
  public Device open(SessionSpec spec) {
    return new CudaDevice(new HostCard(sharedMemory), rounded);
  }
}
