package dev.mixlaw.train.engine.llama;

import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.StepProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Where a session's time goes on its device. */
record SessionProfile(SessionSpec spec, Device device, DeviceProfile of, int part, int chunk)
    implements StepProfile {
  @Override
  public Map<String, Double> secondsByKernel(Runnable work) {
    return of.secondsByKernel(work);
  }

  @Override
  public double secondsOfProducts() {
    return of.secondsOf(
        lane -> ProductShape.ofStep(spec.model(), spec.vocabulary(), parts(lane), chunk));
  }

  @Override
  public String productFormat() {
    return of.productFormat();
  }

  /** Sequences that a lane takes at a time. */
  private List<Integer> parts(int lane) {
    int left =
        device.first(lane + 1, spec.batchSequences()) - device.first(lane, spec.batchSequences());
    List<Integer> parts = new ArrayList<>();
    for (; left > 0; left -= part) {
      parts.add(Math.min(part, left));
    }
    return parts;
  }
}
