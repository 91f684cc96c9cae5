package dev.mixlaw.train.engine.llama;

import dev.mixlaw.train.engine.weights.AttentionHeads;

/** The shape of queries, keys and values in a pass. */
public record AttentionShape(AttentionHeads heads, int sequences, int length) {
  public int rows() {
    return sequences * length;
  }
}
