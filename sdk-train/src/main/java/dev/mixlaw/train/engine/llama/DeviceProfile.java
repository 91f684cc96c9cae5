package dev.mixlaw.train.engine.llama;

import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/** What a device can tell of its time. */
public interface DeviceProfile {
  /** See {@link dev.mixlaw.api.spi.StepProfile#secondsByKernel}. */
  Map<String, Double> secondsByKernel(Runnable work);

  /** Seconds that products take alone, in the best layout, all lanes side by side. */
  double secondsOf(IntFunction<List<ProductShape>> ofLane);

  /** See {@link dev.mixlaw.api.spi.StepProfile#productFormat}. */
  String productFormat();
}
