/**
 * Comparison of corpora before any training: {@link dev.mixlaw.mix.compare.CorpusComparison}
 * measures how well corpora, their unions and mixtures cover the words of domains, how diverse
 * corpora are, and which documents occur twice.
 */
@NullMarked
package dev.mixlaw.mix.compare;

import org.jspecify.annotations.NullMarked;
