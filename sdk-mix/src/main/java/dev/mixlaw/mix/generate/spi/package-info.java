/**
 * What a generation is put together from, for those who bring their own: {@link
 * dev.mixlaw.mix.generate.spi.MaterialSource} cut a corpus into what is written about, a {@link
 * dev.mixlaw.mix.generate.spi.Style} asks a generator through a {@link
 * dev.mixlaw.mix.generate.spi.DraftSession}, {@link dev.mixlaw.mix.generate.spi.DraftFilter}s keep,
 * mend or refuse what came of it.
 */
@NullMarked
package dev.mixlaw.mix.generate.spi;

import org.jspecify.annotations.NullMarked;
