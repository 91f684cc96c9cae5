package dev.mixlaw.train.engine.llama.cuda;

import dev.mixlaw.train.engine.llama.DeviceFloats;

/**
 * Numbers in the card's memory.
 *
 * @param address of the first
 * @param bf16 whether they are bf16, or single precision
 * @param copy address of a copy in bf16; 0 for none
 */
record CudaFloats(long address, long length, boolean bf16, long copy) implements DeviceFloats {
  static CudaFloats of(DeviceFloats values) {
    return (CudaFloats) values;
  }

  static int bytes(boolean bf16) {
    return bf16 ? Short.BYTES : Float.BYTES;
  }

  @Override
  public CudaFloats slice(long offset, long part) {
    if (offset < 0 || part < 0 || offset + part > length) {
      throw new IndexOutOfBoundsException(part + " values from " + offset + " of " + length);
    }
    return new CudaFloats(
        address + offset * bytes(bf16), part, bf16, copy == 0 ? 0 : copy + offset * Short.BYTES);
  }

  long bytes() {
    return length * bytes(bf16);
  }

  /** Where products find them in a format: what they are, or their copy. */
  long in(boolean wanted) {
    if (bf16 == wanted) {
      return address;
    }
    if (!wanted || copy == 0) {
      throw new IllegalArgumentException(
          "a product of " + (wanted ? "bf16" : "single precision") + " has no such factor");
    }
    return copy;
  }
}
