package dev.mixlaw.train.engine.llama;

import dev.mixlaw.train.engine.weights.AttentionHeads;

/** The shape of queries, keys and values in a pass. */
public record AttentionShape(AttentionHeads heads, int sequences, int length) {
  /** Returns the number of tokens in all sequences. */
  public int rows() {
    return sequences * length;
  }
}
