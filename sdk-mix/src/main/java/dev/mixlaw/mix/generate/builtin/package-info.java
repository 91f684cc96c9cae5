/**
 * Provides the built-in {@linkplain dev.mixlaw.mix.generate.builtin.Styles styles}, their sources
 * of texts, and {@linkplain dev.mixlaw.mix.generate.builtin.Filters filters} for the generation of
 * corpora.
 *
 * <p>A filter sees only one draft and its source text. Use {@link
 * dev.mixlaw.mix.corpus.Corpora#withoutNearDuplicates} to remove similar documents from the
 * finished corpus. The prompts are resources of this package.
 *
 * <p><b>Experimental:</b> this package may change in any release.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.mixlaw.mix.generate.builtin;

import org.jspecify.annotations.NullMarked;
