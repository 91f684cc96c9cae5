package dev.mixlaw.train.engine.decoder;

import dev.mixlaw.api.ModelSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * A decoder on one lane that takes a token of each of some sequences at a time, and keeps their
 * keys and values.
 */
final class StepDecoder {
  private final ModelSpec model;
  private final Kernels.Heads heads;
  private final Kernels k;
  private final Parameters weights;
  private final List<Values> keys = new ArrayList<>();
  private final List<Values> values = new ArrayList<>();
  private final Values stream;
  private final Values norm;
  private final Values scale;
  private final Values qkv;
  private final Values attended;
  private final Values gateUp;
  private final Values activated;
  private final Values logits;
  private final Ids tokens;
  private final Ids positions;
  private final int vocabulary;

  /**
   * @param rows most sequences
   */
  StepDecoder(
      ModelSpec model,
      int vocabulary,
      int rows,
      Kernels kernels,
      Parameters weights,
      Memory memory) {
    this.model = model;
    this.vocabulary = vocabulary;
    this.weights = weights;
    heads = Kernels.Heads.of(model);
    k = kernels;
    long store = (long) rows * model.context() * heads.keyValue() * heads.size();
    for (int i = 0; i < model.layers(); i++) {
      keys.add(memory.allocateActivations(store));
      values.add(memory.allocateActivations(store));
    }
    long width = (long) rows * model.width();
    long inner = (long) rows * model.feedForward();
    stream = memory.allocateActivations(width);
    norm = memory.allocateActivations(width);
    scale = memory.allocate(rows);
    qkv = memory.allocateActivations((long) rows * heads.rowWidth());
    attended = memory.allocateActivations(width);
    gateUp = memory.allocateActivations(2 * inner);
    activated = memory.allocateActivations(inner);
    logits = memory.allocate((long) rows * vocabulary);
    tokens = memory.allocateIds(rows);
    positions = memory.allocateIds(rows);
  }

  /**
   * Takes the next token of each sequence.
   *
   * @param at its position in its sequence; all positions before have been taken
   */
  void step(int[] next, int[] at, int rows) {
    int width = model.width();
    int inner = model.feedForward();
    tokens.put(next, rows);
    positions.put(at, rows);
    k.embed(tokens, rows, weights.embedding(), stream, width);
    for (int i = 0; i < model.layers(); i++) {
      Parameters.Block w = weights.blocks().get(i);
      k.rmsNorm(stream, w.norm1(), norm, scale, rows, width, model.normEpsilon());
      k.linear(norm, w.qkv(), qkv, rows, width, heads.rowWidth(), false);
      k.attentionStep(
          qkv, keys.get(i), values.get(i), positions, attended, heads, rows, model.context());
      k.linear(attended, w.out(), stream, rows, width, width, true);
      k.rmsNorm(stream, w.norm2(), norm, scale, rows, width, model.normEpsilon());
      k.linear(norm, w.gateUp(), gateUp, rows, width, 2 * inner, false);
      k.swiglu(gateUp, activated, rows, inner);
      k.linear(activated, w.down(), stream, rows, inner, width, true);
    }
    k.rmsNorm(stream, weights.norm(), norm, scale, rows, width, model.normEpsilon());
    k.linear(norm, weights.head(), logits, rows, width, vocabulary, false);
  }

  /** {@code [rows, vocabulary]}: what follows each sequence. */
  Values logits() {
    return logits;
  }
}
