package dev.mixlaw.train.engine.llama;

/**
 * Allocates a device's memory, or only counts it (see {@link Counter}). All memory is initialized
 * to zero and is held until the device is closed.
 */
public interface Allocator {
  /** Allocates values in single precision. */
  Floats allocate(long length);

  /** Allocates values that kernels pass to each other, possibly in a shorter number format. */
  default Floats allocateActivations(long length) {
    return allocate(length);
  }

  /**
   * Allocates activations that matrix products take as factors; a device may add memory for a
   * rounded copy.
   */
  default Floats allocateFactors(long length) {
    return allocateActivations(length);
  }

  /** Allocates weights; a device may add memory for a rounded copy that matrix products use. */
  default Floats allocateWeights(long length) {
    return allocate(length);
  }

  /** Allocates token ids or positions. */
  Ints allocateIds(int length);

  /**
   * Counts bytes without allocating them. A plan thus computes the required memory with the same
   * code that later allocates it.
   */
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
