package dev.mixlaw.train.engine.decoder;

import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.train.engine.weights.WeightLayout;
import java.util.ArrayList;
import java.util.List;

/** All that a session allocates on its device: weights once, the rest for each lane. */
final class SessionMemory {
  final WeightLayout layout;
  final Values weights;
  final Values means;
  final Values squares;

  /** Of each lane; the first one's become the sum. */
  final List<Values> gradients = new ArrayList<>();

  final List<Activations> activations = new ArrayList<>();

  /** Losses of each lane's tokens. */
  final List<Values> nats = new ArrayList<>();

  final List<Piece> pieces = new ArrayList<>();

  /** Of each piece's gradient. */
  final Values squareSums;

  /** Most sequences a lane takes at a time. */
  final int part;

  /**
   * Some of the weights, alike in whether they decay: what a lane updates at a time.
   *
   * @param gradients of each lane
   */
  record Piece(
      long length,
      boolean decays,
      Values weights,
      List<Values> gradients,
      Values mean,
      Values square) {}

  SessionMemory(SessionSpec spec, int lanes, Grain grain, Memory memory) {
    layout = WeightLayout.of(spec.model(), spec.vocabulary());
    weights = memory.allocateWeights(layout.size());
    means = memory.allocate(layout.size());
    squares = memory.allocate(layout.size());
    int share = (spec.batchSequences() + lanes - 1) / lanes;
    part = Math.max(1, Math.min(share, grain.partRows() / spec.model().context()));
    int context = spec.model().context();
    for (int i = 0; i < lanes; i++) {
      gradients.add(memory.allocate(layout.size()));
      activations.add(
          new Activations(spec.model(), spec.vocabulary(), part * context, grain, memory));
      nats.add(memory.allocate((long) share * context));
    }
    List<WeightLayout.Tensor> tensors = layout.tensors();
    for (int i = 0; i < tensors.size(); ) {
      long begin = tensors.get(i).offset();
      boolean decays = tensors.get(i).decays();
      while (i < tensors.size() && tensors.get(i).decays() == decays) {
        i++;
      }
      long end = i < tensors.size() ? tensors.get(i).offset() : layout.size();
      for (long at = begin; at < end; at += grain.piece()) {
        pieces.add(piece(at, Math.min(grain.piece(), end - at), decays));
      }
    }
    squareSums = memory.allocate(pieces.size());
  }

  private Piece piece(long offset, long length, boolean decays) {
    return new Piece(
        length,
        decays,
        weights.slice(offset, length),
        gradients.stream().map(g -> g.slice(offset, length)).toList(),
        means.slice(offset, length),
        squares.slice(offset, length));
  }
}
