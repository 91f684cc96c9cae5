package dev.mixlaw.train.engine.llama;

/** Gives memory: a device's, or none at all where only the amount is wanted. */
public interface Allocator {
  /** Zeros. Held until the device is closed. */
  DeviceFloats allocate(long length);

  /** Zeros, maybe of fewer digits: what kernels pass from one to the next. */
  default DeviceFloats allocateActivations(long length) {
    return allocate(length);
  }

  /** As {@link #allocateActivations}, of what products take: maybe with a rounded copy. */
  default DeviceFloats allocateFactors(long length) {
    return allocateActivations(length);
  }

  /** Zeros, maybe with a rounded copy that products take. */
  default DeviceFloats allocateWeights(long length) {
    return allocate(length);
  }

  /** Zeros. Held until the device is closed. */
  DeviceInts allocateIds(int length);

  /** Counts what is asked for, and gives nothing: so a session's figure is what it will take. */
  final class Counter implements Allocator {
    private final TileSizes grain;
    private long bytes;

    Counter(TileSizes grain) {
      this.grain = grain;
    }

    private record Nothing(long length) implements DeviceFloats {
      @Override
      public DeviceFloats slice(long offset, long part) {
        return new Nothing(part);
      }
    }

    @Override
    public DeviceFloats allocate(long length) {
      return count(length, Float.BYTES);
    }

    @Override
    public DeviceFloats allocateActivations(long length) {
      return count(length, grain.activationBytes());
    }

    @Override
    public DeviceFloats allocateFactors(long length) {
      return count(length, grain.factorBytes());
    }

    @Override
    public DeviceFloats allocateWeights(long length) {
      return count(length, grain.weightBytes());
    }

    private DeviceFloats count(long length, int each) {
      bytes += length * each;
      return new Nothing(length);
    }

    @Override
    public DeviceInts allocateIds(int length) {
      bytes += (long) length * Integer.BYTES;
      return (from, n) -> {};
    }

    long bytes() {
      return bytes;
    }
  }
}
