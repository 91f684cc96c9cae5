package dev.mixlaw.api;

import java.util.Objects;

/**
 * How diverse a text is, as collapse over rounds is judged by.
 *
 * @param documents that were looked at
 * @param words that were looked at
 * @param support part of the reference's different words that the text has, from 0 to 1
 * @param tailMass probability that the text gives to the reference's rare words
 * @param entropy of a word drawn at random, nats
 * @param distinct different pairs of words over all pairs
 * @param selfBleu mean BLEU of documents against one another, without brevity penalty
 */
public record TextDiversity(
    long documents,
    long words,
    Estimate support,
    Estimate tailMass,
    Estimate entropy,
    Estimate distinct,
    Estimate selfBleu) {
  public TextDiversity {
    Objects.requireNonNull(support, "support");
    Objects.requireNonNull(tailMass, "tailMass");
    Objects.requireNonNull(entropy, "entropy");
    Objects.requireNonNull(distinct, "distinct");
    Objects.requireNonNull(selfBleu, "selfBleu");
  }
}
