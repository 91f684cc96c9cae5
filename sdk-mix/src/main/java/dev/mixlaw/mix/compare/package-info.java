/**
 * Compares corpora before any training. {@link dev.mixlaw.mix.compare.CorpusComparison} measures
 * how well corpora and mixtures cover the words of domains, how diverse corpora are, and which
 * documents are duplicated.
 */
@NullMarked
package dev.mixlaw.mix.compare;

import org.jspecify.annotations.NullMarked;
