package dev.mixlaw.train.engine.llama;

import dev.mixlaw.train.engine.weights.AttentionHeads;

/**
 * The shape of queries, keys and values in a pass.
 *
 * @param sequences number of sequences
 * @param length number of tokens per sequence
 */
public record AttentionShape(AttentionHeads heads, int sequences, int length) {
  /** Returns the number of tokens. */
  public int rows() {
    return sequences * length;
  }
}
