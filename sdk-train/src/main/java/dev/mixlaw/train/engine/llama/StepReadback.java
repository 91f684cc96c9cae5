package dev.mixlaw.train.engine.llama;

import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingSession.StepResult;
import java.util.ArrayList;
import java.util.List;

/**
 * What a step leaves to be read, on its way from the device: the losses of its tokens, and its
 * gradient's square by pieces. They are summed up here, in double precision: a float a token is
 * nothing to copy beside what a step reads and writes.
 */
final class StepReadback {
  private final Device device;

  /** By lane. */
  private final List<Part> nats = new ArrayList<>();

  private final Part squares;
  private final double tokens;

  /** Values that are fetched together. */
  private static final class Part {
    private final DeviceFloats from;
    private final float[] to;
    private Runnable arrival = () -> {};

    Part(DeviceFloats from, int n) {
      this.from = from;
      to = new float[n];
    }

    void fetch(Device device) {
      arrival = device.fetch(from, to, to.length);
    }

    double addTo(double sum) {
      arrival.run();
      for (float x : to) {
        sum += x;
      }
      return sum;
    }
  }

  StepReadback(SessionSpec spec, Device device, TrainingMemory memory, int pieces) {
    this.device = device;
    int context = spec.model().context();
    int sequences = spec.batchSequences();
    tokens = (double) sequences * context;
    for (int lane = 0; lane < device.lanes(); lane++) {
      int share = device.first(lane + 1, sequences) - device.first(lane, sequences);
      nats.add(new Part(memory.model.nats.get(lane), share * context));
    }
    squares = new Part(memory.squareSums, pieces);
  }

  /** Begins to read what the jobs so far leave. */
  void fetch() {
    nats.forEach(part -> part.fetch(device));
    squares.fetch(device);
  }

  /** Waits for what was fetched. */
  StepResult await() {
    double sum = 0;
    for (Part part : nats) {
      sum = part.addTo(sum);
    }
    return new StepResult(sum / tokens, Math.sqrt(squares.addTo(0)));
  }
}
