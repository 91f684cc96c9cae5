package dev.mixlaw.train.engine.llama;

import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingSession.StepResult;
import java.util.ArrayList;
import java.util.List;

/**
 * Copies the result of a step from the device to the host while later steps run. The result
 * consists of the loss on each token and the squared norm of each piece of the gradient. The host
 * adds up the losses and norms in double precision. Copying one float per token takes a negligible
 * part of a step's time.
 */
final class StepReadback {
  private final Device device;

  private final List<Transfer> nats = new ArrayList<>();

  private final Transfer squares;
  private final int context;
  private double tokens;

  private static final class Transfer {
    private final Floats from;
    private final float[] to;
    private int length;
    private Runnable arrival = () -> {};

    Transfer(Floats from, int n) {
      this.from = from;
      to = new float[n];
    }

    void start(Device device, int n) {
      length = n;
      arrival = device.fetch(from, to, n);
    }

    double addTo(double sum) {
      arrival.run();
      for (int i = 0; i < length; i++) {
        sum += to[i];
      }
      return sum;
    }
  }

  StepReadback(SessionSpec spec, Device device, TrainingMemory memory, int pieces) {
    this.device = device;
    context = spec.model().context();
    for (Floats lane : memory.model.nats) {
      nats.add(new Transfer(lane, (int) lane.length()));
    }
    squares = new Transfer(memory.squareSums, pieces);
  }

  void start(int sequences) {
    tokens = (double) sequences * context;
    for (int lane = 0; lane < device.lanes(); lane++) {
      int share = device.first(lane + 1, sequences) - device.first(lane, sequences);
      nats.get(lane).start(device, share * context);
    }
    squares.start(device, squares.to.length);
  }

  StepResult await() {
    double sum = 0;
    for (Transfer transfer : nats) {
      sum = transfer.addTo(sum);
    }
    return new StepResult(sum / tokens, Math.sqrt(squares.addTo(0)));
  }
}
