/**
 * The {@linkplain dev.mixlaw.mix.generate.builtin.Styles styles}, {@linkplain
 * dev.mixlaw.mix.generate.builtin.MaterialSources material sources} and {@linkplain
 * dev.mixlaw.mix.generate.builtin.Filters filters} that come with the library.
 *
 * <p>A filter sees one draft and its material. Similar documents within a corpus are removed
 * afterwards by {@link dev.mixlaw.mix.corpus.NearDuplicates}. The prompts are resources of this
 * package.
 */
@NullMarked
package dev.mixlaw.mix.generate.builtin;

import org.jspecify.annotations.NullMarked;
