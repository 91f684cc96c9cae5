package dev.mixlaw.train.engine.llama;

/** Gives memory: a device's, or none at all where only the amount is wanted. */
public interface Memory {
  /** Zeros. Held until the device is closed. */
  Values allocate(long length);

  /** Zeros, maybe of fewer digits: what kernels pass from one to the next. */
  default Values allocateActivations(long length) {
    return allocate(length);
  }

  /** As {@link #allocateActivations}, of what products take: maybe with a rounded copy. */
  default Values allocateFactors(long length) {
    return allocateActivations(length);
  }

  /** Zeros, maybe with a rounded copy that products take. */
  default Values allocateWeights(long length) {
    return allocate(length);
  }

  /** Zeros. Held until the device is closed. */
  Ids allocateIds(int length);

  /** Counts what is asked for, and gives nothing: so a session's figure is what it will take. */
  final class Counter implements Memory {
    private final Grain grain;
    private long bytes;

    Counter(Grain grain) {
      this.grain = grain;
    }

    private record Nothing(long length) implements Values {
      @Override
      public Values slice(long offset, long part) {
        return new Nothing(part);
      }
    }

    @Override
    public Values allocate(long length) {
      return count(length, Float.BYTES);
    }

    @Override
    public Values allocateActivations(long length) {
      return count(length, grain.activationBytes());
    }

    @Override
    public Values allocateFactors(long length) {
      return count(length, grain.factorBytes());
    }

    @Override
    public Values allocateWeights(long length) {
      return count(length, grain.weightBytes());
    }

    private Values count(long length, int each) {
      bytes += length * each;
      return new Nothing(length);
    }

    @Override
    public Ids allocateIds(int length) {
      bytes += (long) length * Integer.BYTES;
      return (from, n) -> {};
    }

    long bytes() {
      return bytes;
    }
  }
}
