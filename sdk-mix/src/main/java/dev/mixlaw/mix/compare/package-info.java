/**
 * Compares corpora before any training. {@link dev.mixlaw.mix.compare.CorpusComparison} measures
 * how well corpora and mixtures cover the words of domains, how diverse corpora are, and which
 * documents are duplicated.
 *
 * <p><b>Experimental:</b> this package may change in any release.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.mixlaw.mix.compare;

import org.jspecify.annotations.NullMarked;
