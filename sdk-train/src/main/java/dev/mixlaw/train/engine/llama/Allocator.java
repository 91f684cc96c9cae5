package dev.mixlaw.train.engine.llama;

/**
 * Allocates a device's memory, or only counts it (see {@link Counter}). All memory is initialized
 * to zero and is freed when the device is closed.
 */
public interface Allocator {
  Floats allocate(long length);

  /** Allocates values that only kernels use and that may have lower precision. */
  default Floats allocateActivations(long length) {
    return allocate(length);
  }

  /**
   * Allocates values that are operands of matrix products, with space for a copy in lower
   * precision.
   */
  default Floats allocateFactors(long length) {
    return allocateActivations(length);
  }

  /** Allocates weights, with space for a copy in lower precision. */
  default Floats allocateWeights(long length) {
    return allocate(length);
  }

  Ints allocateIds(int length);

  /** Counts bytes without allocating them, so that the required memory is known in advance. */
  final class Counter implements Allocator {
    private final TileSizes tiles;
    private long bytes;

    Counter(TileSizes tiles) {
      this.tiles = tiles;
    }

    private record Counted(long length) implements Floats {
      @Override
      public Floats slice(long offset, long part) {
        return new Counted(part);
      }
    }

    @Override
    public Floats allocate(long length) {
      return count(length, Float.BYTES);
    }

    @Override
    public Floats allocateActivations(long length) {
      return count(length, tiles.activationBytes());
    }

    @Override
    public Floats allocateFactors(long length) {
      return count(length, tiles.factorBytes());
    }

    @Override
    public Floats allocateWeights(long length) {
      return count(length, tiles.weightBytes());
    }

    private Floats count(long length, int bytesEach) {
      bytes += length * bytesEach;
      return new Counted(length);
    }

    @Override
    public Ints allocateIds(int length) {
      bytes += (long) length * Integer.BYTES;
      return (from, n) -> {};
    }

    long bytes() {
      return bytes;
    }
  }
}
