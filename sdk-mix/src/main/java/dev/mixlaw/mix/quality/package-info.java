/**
 * Provides filters that reject documents of low quality, by rules or by a classifier. A filtered
 * natural corpus is the fair baseline for synthetic text, because rephrasing also cleans text.
 *
 * <p>{@link dev.mixlaw.mix.quality.QualityFilter} has the rules of Gopher and C4 and counts the
 * documents that each rule rejects. {@link dev.mixlaw.mix.quality.QualityClassifier} is trained on
 * good and bad examples.
 *
 * <p><b>Experimental:</b> this package may change in any release.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.mixlaw.mix.quality;

import org.jspecify.annotations.NullMarked;
