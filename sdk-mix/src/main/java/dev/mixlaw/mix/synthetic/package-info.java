/**
 * Provides text generators that need no language model, for studies without a generated corpus.
 *
 * <p>{@link dev.mixlaw.mix.synthetic.Paraphraser} replaces words with synonyms ({@code
 * wordnet-paraphraser}), and {@link dev.mixlaw.mix.synthetic.NgramGenerator} samples from a word
 * n-gram model ({@code ngram-3}). Results for text from these generators do not apply to text that
 * language models write. The same seed gives the same text on every machine.
 *
 * <p><b>Experimental:</b> this package may change in any release.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.mixlaw.mix.synthetic;

import org.jspecify.annotations.NullMarked;
