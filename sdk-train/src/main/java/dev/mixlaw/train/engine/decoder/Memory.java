package dev.mixlaw.train.engine.decoder;

/** Gives memory: a device's, or none at all where only the amount is wanted. */
public interface Memory {
  /** Zeros. Held until the device is closed. */
  Values allocate(long length);

  /** Zeros. Held until the device is closed. */
  Ids allocateIds(int length);

  /** Counts what is asked for, and gives nothing: so a session's figure is what it will take. */
  final class Counter implements Memory {
    private long bytes;

    private record Nothing(long length) implements Values {
      @Override
      public Values slice(long offset, long part) {
        return new Nothing(part);
      }
    }

    @Override
    public Values allocate(long length) {
      bytes += length * Float.BYTES;
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
