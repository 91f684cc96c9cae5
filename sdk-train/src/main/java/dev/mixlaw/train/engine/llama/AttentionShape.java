package dev.mixlaw.train.engine.llama;

import dev.mixlaw.train.engine.weights.AttentionHeads;

/** The shape of the queries, keys and values that one attention kernel processes. */
public record AttentionShape(AttentionHeads heads, int sequences, int length) {
  public int rows() {
    return sequences * length;
  }
}
