/**
 * Provides word statistics of text. This package is not exported.
 *
 * <p>{@link dev.mixlaw.mix.analysis.Words} splits text by the rules of a {@link
 * dev.mixlaw.mix.analysis.Language}, and {@link dev.mixlaw.mix.analysis.TermCounter} counts the
 * words. {@link dev.mixlaw.mix.analysis.WordDistance} compares the words of a domain with those of
 * training text. {@link dev.mixlaw.mix.analysis.DiversityMeter} measures the diversity of text,
 * which shows collapse over rounds. No result depends on the order of documents.
 */
@NullMarked
package dev.mixlaw.mix.analysis;

import org.jspecify.annotations.NullMarked;
