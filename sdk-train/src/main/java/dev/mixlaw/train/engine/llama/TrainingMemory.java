package dev.mixlaw.train.engine.llama;

import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.train.engine.weights.WeightLayout;
import java.util.ArrayList;
import java.util.List;

/** All that training takes on its device. */
final class TrainingMemory {
  final ModelMemory model;
  final DeviceFloats means;
  final DeviceFloats squares;

  /** Of each lane; the first one's become the sum. */
  final List<DeviceFloats> gradients = new ArrayList<>();

  /** Of each lane. */
  final List<ActivationGradients> activationGradients = new ArrayList<>();

  /** Of each piece's gradient. */
  final DeviceFloats squareSums;

  private final long pieceLength;

  /**
   * Some of the weights, alike in whether they decay: what a lane updates at a time.
   *
   * @param gradients of each lane
   */
  record Piece(
      long length,
      boolean decays,
      DeviceFloats weights,
      List<DeviceFloats> gradients,
      DeviceFloats mean,
      DeviceFloats square) {}

  TrainingMemory(
      SessionSpec spec, int lanes, Recomputation kept, TileSizes grain, Allocator memory) {
    model = new ModelMemory(spec, lanes, kept, grain, memory);
    WeightLayout layout = model.layout;
    means = memory.allocate(layout.size());
    squares = memory.allocate(layout.size());
    int rows = model.part * spec.model().context();
    for (Activations of : model.activations) {
      gradients.add(memory.allocate(layout.size()));
      activationGradients.add(new ActivationGradients(spec.model(), rows, of, memory));
    }
    pieceLength = grain.piece();
    squareSums = memory.allocate(stretches().stream().mapToLong(s -> s.pieces(pieceLength)).sum());
  }

  /** Neighbouring tensors alike in whether they decay. */
  private record Stretch(long begin, long end, boolean decays) {
    long pieces(long length) {
      return (end - begin + length - 1) / length;
    }
  }

  private List<Stretch> stretches() {
    List<Stretch> stretches = new ArrayList<>();
    List<WeightLayout.Tensor> tensors = model.layout.tensors();
    for (int i = 0; i < tensors.size(); ) {
      long begin = tensors.get(i).offset();
      boolean decays = tensors.get(i).decays();
      while (i < tensors.size() && tensors.get(i).decays() == decays) {
        i++;
      }
      long end = i < tensors.size() ? tensors.get(i).offset() : model.layout.size();
      stretches.add(new Stretch(begin, end, decays));
    }
    return stretches;
  }

  /** All pieces, in order. Made when asked for: whoever counts memory only needs none of them. */
  List<Piece> pieces() {
    List<Piece> pieces = new ArrayList<>();
    for (Stretch s : stretches()) {
      for (long at = s.begin(); at < s.end(); at += pieceLength) {
        pieces.add(piece(at, Math.min(pieceLength, s.end() - at), s.decays()));
      }
    }
    return pieces;
  }

  private Piece piece(long offset, long length, boolean decays) {
    return new Piece(
        length,
        decays,
        model.weights.slice(offset, length),
        gradients.stream().map(g -> g.slice(offset, length)).toList(),
        means.slice(offset, length),
        squares.slice(offset, length));
  }
}
