package dev.mixlaw.train.engine.weights;

import dev.mixlaw.api.ModelSpec;

/**
 * The heads of grouped-query attention (Ainslie et al. 2023) and their rotary positions.
 *
 * @param query number of query heads
 * @param keyValue number of key-value heads; each serves {@code query / keyValue} query heads
 * @param size number of values per head
 * @param ropeTheta base of the rotary frequencies
 */
public record AttentionHeads(int query, int keyValue, int size, double ropeTheta) {
  /** Returns the heads of a model. */
  public static AttentionHeads of(ModelSpec model) {
    return new AttentionHeads(
        model.heads(), model.keyValueHeads(), model.headSize(), model.ropeTheta());
  }

  /** Returns the number of values in a row that holds all queries, keys and values. */
  public int rowWidth() {
    return (query + 2 * keyValue) * size;
  }

  /** Returns the number of query heads that share a key-value head. */
  public int group() {
    return query / keyValue;
  }
}
