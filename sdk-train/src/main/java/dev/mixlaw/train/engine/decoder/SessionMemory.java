package dev.mixlaw.train.engine.decoder;

import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.train.engine.weights.WeightLayout;
import java.util.ArrayList;
import java.util.List;

/** All that a session allocates on its device: weights once, the rest for each lane. */
final class SessionMemory {
  /** Rows of a part: activations of small models stay near the second-level cache. */
  private static final int PART_ROWS = 512;

  /** Values of a piece of the weights: what a lane updates at a time. */
  private static final int PIECE = 1 << 16;

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
   * A part of one tensor.
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

  SessionMemory(SessionSpec spec, int lanes, Memory memory) {
    layout = WeightLayout.of(spec.model(), spec.vocabulary());
    weights = memory.allocate(layout.size());
    means = memory.allocate(layout.size());
    squares = memory.allocate(layout.size());
    int share = (spec.batchSequences() + lanes - 1) / lanes;
    part = Math.max(1, Math.min(share, PART_ROWS / spec.model().context()));
    int context = spec.model().context();
    for (int i = 0; i < lanes; i++) {
      gradients.add(memory.allocate(layout.size()));
      activations.add(new Activations(spec.model(), spec.vocabulary(), part * context, memory));
      nats.add(memory.allocate((long) share * context));
    }
    for (WeightLayout.Tensor t : layout.tensors()) {
      for (long at = 0; at < t.length(); at += PIECE) {
        long offset = t.offset() + at;
        long length = Math.min(PIECE, t.length() - at);
        pieces.add(
            new Piece(
                length,
                t.decays(),
                weights.slice(offset, length),
                gradients.stream().map(g -> g.slice(offset, length)).toList(),
                means.slice(offset, length),
                squares.slice(offset, length)));
      }
    }
    squareSums = memory.allocate(pieces.size());
  }
}
