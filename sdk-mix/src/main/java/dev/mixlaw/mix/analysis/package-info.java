/**
 * Statistics of text: its words, its diversity, its distance to other text, and near copies.
 *
 * <p>{@link dev.mixlaw.mix.analysis.CorpusMeter} reads a corpus once and returns its {@link
 * dev.mixlaw.mix.analysis.CorpusStatistics} and its word counts. {@link
 * dev.mixlaw.mix.analysis.DomainFit} compares the words of a domain with those of training text: a
 * corpus, a union or a mixture. {@link dev.mixlaw.mix.analysis.NearCopies} and {@link
 * dev.mixlaw.mix.analysis.Contamination} find text that occurs twice. {@link
 * dev.mixlaw.mix.analysis.DiversityMeter} computes the measures from which collapse over rounds is
 * judged. Lucene splits text into words by the rules of its {@link
 * dev.mixlaw.mix.analysis.Language}. No result depends on the order of documents.
 */
@NullMarked
package dev.mixlaw.mix.analysis;

import org.jspecify.annotations.NullMarked;
