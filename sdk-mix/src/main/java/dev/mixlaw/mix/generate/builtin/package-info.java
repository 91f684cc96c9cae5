/**
 * Which drafts stay: {@link dev.mixlaw.mix.generate.builtin.Filters} has those that come with the
 * library. Each looks at one draft and its material; families of alike documents within a corpus
 * are thinned afterwards by {@link dev.mixlaw.mix.corpus.NearDuplicates}.
 */
@NullMarked
package dev.mixlaw.mix.generate.builtin;

import org.jspecify.annotations.NullMarked;
