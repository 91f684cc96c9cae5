/**
 * Defines interfaces for applications that implement their own styles and filters.
 *
 * <p>A {@link dev.mixlaw.mix.generate.spi.MaterialSource} makes {@link
 * dev.mixlaw.mix.generate.spi.Material}s from a corpus, and a {@link
 * dev.mixlaw.mix.generate.spi.Style} writes a draft from each of them. For this purpose, the style
 * sends requests through a {@link dev.mixlaw.mix.generate.spi.DraftSession}. Each {@link
 * dev.mixlaw.mix.generate.spi.DraftFilter} accepts, changes or rejects drafts.
 *
 * <p><b>Experimental:</b> this package may change in any release.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.mixlaw.mix.generate.spi;

import org.jspecify.annotations.NullMarked;
