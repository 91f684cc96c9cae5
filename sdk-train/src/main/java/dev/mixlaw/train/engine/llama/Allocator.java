package dev.mixlaw.train.engine.llama;

/**
 * Allocates a device's memory, or only counts it: see {@link Counter}. All memory is zero at first
 * and held until the device is closed.
 */
public interface Allocator {
  /** Allocates values in single precision. */
  DeviceFloats allocate(long length);

  /** Allocates what kernels pass to each other, possibly in a shorter number format. */
  default DeviceFloats allocateActivations(long length) {
    return allocate(length);
  }

  /**
   * Allocates activations that matrix products take as factors; a device may add memory for a
   * rounded copy.
   */
  default DeviceFloats allocateFactors(long length) {
    return allocateActivations(length);
  }

  /** Allocates weights; a device may add memory for a rounded copy that products take. */
  default DeviceFloats allocateWeights(long length) {
    return allocate(length);
  }

  /** Allocates token ids or positions. */
  DeviceInts allocateIds(int length);

  /**
   * Counts bytes without allocating them. A plan's memory figure comes from the code that later
   * allocates.
   */
  final class Counter implements Allocator {
    private final TileSizes tiles;
    private long bytes;

    Counter(TileSizes tiles) {
      this.tiles = tiles;
    }

    private record Counted(long length) implements DeviceFloats {
      @Override
      public DeviceFloats slice(long offset, long part) {
        return new Counted(part);
      }
    }

    @Override
    public DeviceFloats allocate(long length) {
      return count(length, Float.BYTES);
    }

    @Override
    public DeviceFloats allocateActivations(long length) {
      return count(length, tiles.activationBytes());
    }

    @Override
    public DeviceFloats allocateFactors(long length) {
      return count(length, tiles.factorBytes());
    }

    @Override
    public DeviceFloats allocateWeights(long length) {
      return count(length, tiles.weightBytes());
    }

    private DeviceFloats count(long length, int bytesEach) {
      bytes += length * bytesEach;
      return new Counted(length);
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
