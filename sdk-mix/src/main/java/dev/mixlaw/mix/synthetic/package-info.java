/**
 * Synthetic text without an LLM, for trying out studies where no generated corpus is at hand.
 *
 * <p>It is what it says it is: {@link dev.mixlaw.mix.synthetic.Paraphraser} swaps words for
 * synonyms ({@code wordnet-paraphraser}), {@link dev.mixlaw.mix.synthetic.NgramGenerator} writes
 * what a word n-gram model would ({@code ngram-3}). Findings about them say nothing about text by
 * language models, but a study of them has the same shape. {@link
 * dev.mixlaw.mix.synthetic.GeneratedDocuments} makes corpora with any {@link
 * dev.mixlaw.api.spi.TextGenerator}. The same seed gives the same text everywhere.
 */
@NullMarked
package dev.mixlaw.mix.synthetic;

import org.jspecify.annotations.NullMarked;
