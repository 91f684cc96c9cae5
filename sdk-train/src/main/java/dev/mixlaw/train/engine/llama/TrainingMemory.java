package dev.mixlaw.train.engine.llama;

import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.train.engine.llama.DeviceKernels.Piece;
import dev.mixlaw.train.engine.weights.WeightLayout;
import java.util.ArrayList;
import java.util.List;

final class TrainingMemory {
  final ModelMemory model;

  final Floats means;

  final Floats squares;

  /**
   * The gradients from each lane. The sum over all lanes replaces the gradients of the first lane.
   */
  final List<Floats> gradients = new ArrayList<>();

  final List<ActivationGradients> activationGradients = new ArrayList<>();

  /** The squared norm of each piece of the gradient. */
  final Floats squareSums;

  private final long pieceLength;

  TrainingMemory(
      SessionSpec spec,
      int lanes,
      Recomputation recomputation,
      TileSizes tiles,
      Allocator allocator) {
    model = new ModelMemory(spec, lanes, recomputation, tiles, allocator);
    WeightLayout layout = model.layout;
    means = allocator.allocate(layout.size());
    squares = allocator.allocate(layout.size());
    int rows = model.microBatch * spec.model().context();
    for (Activations activations : model.activations) {
      gradients.add(allocator.allocate(layout.size()));
      activationGradients.add(new ActivationGradients(spec.model(), rows, activations, allocator));
    }
    pieceLength = tiles.pieceLength();
    squareSums = allocator.allocate(ranges().stream().mapToLong(r -> r.pieces(pieceLength)).sum());
  }

  /**
   * A range of adjacent tensors. Weight decay applies either to all of these tensors or to none.
   */
  private record Range(long begin, long end, boolean decays) {
    long pieces(long length) {
      return (end - begin + length - 1) / length;
    }
  }

  private List<Range> ranges() {
    List<Range> ranges = new ArrayList<>();
    List<WeightLayout.Tensor> tensors = model.layout.tensors();
    for (int i = 0; i < tensors.size(); ) {
      long begin = tensors.get(i).offset();
      boolean decays = tensors.get(i).decays();
      while (i < tensors.size() && tensors.get(i).decays() == decays) {
        i++;
      }
      long end = i < tensors.size() ? tensors.get(i).offset() : model.layout.size();
      ranges.add(new Range(begin, end, decays));
    }
    return ranges;
  }

  /**
   * Divides the weights into pieces, in order. A plan only counts memory and does not call this
   * method.
   */
  List<Piece> pieces() {
    List<Piece> pieces = new ArrayList<>();
    for (Range r : ranges()) {
      for (long at = r.begin(); at < r.end(); at += pieceLength) {
        pieces.add(piece(at, Math.min(pieceLength, r.end() - at), r.decays()));
      }
    }
    return pieces;
  }

  private Piece piece(long offset, long length, boolean decays) {
    return new Piece(
        decays,
        model.weights.slice(offset, length),
        gradients.stream().map(g -> g.slice(offset, length)).toList(),
        means.slice(offset, length),
        squares.slice(offset, length));
  }
}
