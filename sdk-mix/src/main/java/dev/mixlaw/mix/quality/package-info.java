/**
 * A cleaner natural corpus, by rules and by examples: the arm that synthetic text has to be
 * compared with, since rephrased text is also cleaner text.
 *
 * <p>{@link dev.mixlaw.mix.quality.QualityFilter} takes documents through rules and counts what
 * each refused; {@link dev.mixlaw.mix.quality.QualityRules} has those of Gopher and C4; {@link
 * dev.mixlaw.mix.quality.QualityClassifier} learns from good and bad examples.
 */
@NullMarked
package dev.mixlaw.mix.quality;

import org.jspecify.annotations.NullMarked;
