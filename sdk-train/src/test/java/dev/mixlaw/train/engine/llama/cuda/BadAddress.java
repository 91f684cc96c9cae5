package dev.mixlaw.train.engine.llama.cuda;

import dev.mixlaw.train.engine.llama.Device;
import dev.mixlaw.train.engine.llama.Floats;

/** Makes a GPU read an illegal address. The process cannot use the GPU afterwards. */
public final class BadAddress {
  private BadAddress() {}

  public static void use(Device device) {
    Floats nothing = new CudaFloats(0x100, 64, false, 0);
    Floats result = device.allocate(64);
    device.onEach(lane -> device.kernels(lane).swiglu(nothing, result, 1, 32));
    device.read(result, new float[1], 1);
  }
}
