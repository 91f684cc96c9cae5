/**
 * Word statistics of text. Not exported.
 *
 * <p>Lucene splits text into {@link dev.mixlaw.mix.analysis.Words} by the rules of its {@link
 * dev.mixlaw.mix.analysis.Language}. A {@link dev.mixlaw.mix.analysis.TermCounter} counts them, and
 * {@link dev.mixlaw.mix.analysis.WordDistance} compares the words of a domain with those of
 * training text. {@link dev.mixlaw.mix.analysis.DiversityMeter} computes the measures that show
 * collapse over rounds. No result depends on the order of documents.
 */
@NullMarked
package dev.mixlaw.mix.analysis;

import org.jspecify.annotations.NullMarked;
