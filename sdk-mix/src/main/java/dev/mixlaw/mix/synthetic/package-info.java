/**
 * Synthetic text without a language model server, for studies where no generated corpus is at hand.
 *
 * <p>{@link dev.mixlaw.mix.synthetic.Paraphraser} replaces words by synonyms ({@code
 * wordnet-paraphraser}), and {@link dev.mixlaw.mix.synthetic.NgramGenerator} samples from a word
 * n-gram model ({@code ngram-3}). Findings about them do not hold for text by language models, but
 * a study of them has the same form. The same seed gives the same text on every machine.
 */
@NullMarked
package dev.mixlaw.mix.synthetic;

import org.jspecify.annotations.NullMarked;
