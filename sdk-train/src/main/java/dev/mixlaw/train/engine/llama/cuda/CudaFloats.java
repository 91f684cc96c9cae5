package dev.mixlaw.train.engine.llama.cuda;

import dev.mixlaw.train.engine.llama.Floats;

/**
 * An array of numbers in the memory of a GPU.
 *
 * @param bf16 whether the numbers are in bf16 instead of single precision
 * @param copy address of a copy in bf16, or 0 if there is none
 */
record CudaFloats(long address, long length, boolean bf16, long copy) implements Floats {
  static CudaFloats of(Floats values) {
    return (CudaFloats) values;
  }

  static int bytes(boolean bf16) {
    return bf16 ? Short.BYTES : Float.BYTES;
  }

  @Override
  public CudaFloats slice(long offset, long part) {
    if (offset < 0 || part < 0 || offset + part > length) {
      throw new IndexOutOfBoundsException(
          part + " values at offset " + offset + " exceed the length " + length);
    }
    return new CudaFloats(
        address + offset * bytes(bf16), part, bf16, copy == 0 ? 0 : copy + offset * Short.BYTES);
  }

  long bytes() {
    return length * bytes(bf16);
  }

  /** Returns the address of the numbers, or of their copy, in the requested format. */
  long in(boolean wanted) {
    if (bf16 == wanted) {
      return address;
    }
    if (!wanted || copy == 0) {
      throw new IllegalArgumentException(
          "the numbers have no copy in " + (wanted ? "bf16" : "single precision"));
    }
    return copy;
  }
}
