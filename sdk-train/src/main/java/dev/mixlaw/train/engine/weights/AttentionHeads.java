package dev.mixlaw.train.engine.weights;

import dev.mixlaw.api.ModelSpec;

/**
 * The number and size of the heads in grouped-query attention (Ainslie et al. 2023). Each key-value
 * head serves {@link #group} query heads.
 *
 * @param size number of values per head
 * @param ropeTheta base of the frequencies of the rotary position embeddings
 * @param normEpsilon term added to the mean square in QK-norm; 0 without QK-norm
 */
public record AttentionHeads(
    int query, int keyValue, int size, double ropeTheta, double normEpsilon) {
  public static AttentionHeads of(ModelSpec model) {
    return new AttentionHeads(
        model.heads(),
        model.keyValueHeads(),
        model.headSize(),
        model.ropeTheta(),
        model.qkNorm() ? model.normEpsilon() : 0);
  }

  /** Returns the number of heads that are rotated, and normalized with QK-norm. */
  public int queriesAndKeys() {
    return query + keyValue;
  }

  /** Returns the total number of values in the queries, keys and values of one token. */
  public int rowWidth() {
    return (query + 2 * keyValue) * size;
  }

  /** Returns the number of query heads per key-value head. */
  public int group() {
    return query / keyValue;
  }
}
