/**
 * The ports of a generation, for applications with their own styles and filters.
 *
 * <p>A {@link dev.mixlaw.mix.generate.spi.MaterialSource} makes materials from a corpus. A {@link
 * dev.mixlaw.mix.generate.spi.Style} writes a draft from each of them, with requests that a {@link
 * dev.mixlaw.mix.generate.spi.DraftSession} sends to a generator. Each {@link
 * dev.mixlaw.mix.generate.spi.DraftFilter} keeps, changes or refuses drafts.
 */
@NullMarked
package dev.mixlaw.mix.generate.spi;

import org.jspecify.annotations.NullMarked;
