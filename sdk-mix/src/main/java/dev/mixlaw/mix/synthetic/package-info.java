/**
 * Provides text generators that need no language model, for studies without a generated corpus.
 *
 * <p>{@link dev.mixlaw.mix.synthetic.Paraphraser} replaces words with synonyms ({@code
 * wordnet-paraphraser}), and {@link dev.mixlaw.mix.synthetic.NgramGenerator} samples from a word
 * n-gram model ({@code ngram-3}). Results for text from these generators do not apply to text that
 * language models write. The same seed gives the same text on every machine.
 */
@NullMarked
package dev.mixlaw.mix.synthetic;

import org.jspecify.annotations.NullMarked;
