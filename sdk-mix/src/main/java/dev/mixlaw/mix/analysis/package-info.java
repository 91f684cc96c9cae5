/**
 * What text is: how many words and which, how diverse, how near to other text, how much of it
 * twice.
 *
 * <p>{@link dev.mixlaw.mix.analysis.CorpusMeter} reads a corpus once and gives its {@link
 * dev.mixlaw.mix.analysis.CorpusStatistics} and the counts of its words; {@link
 * dev.mixlaw.mix.analysis.DomainFit} compares the words of a domain with those of training text, a
 * corpus, a union or a mixture. {@link dev.mixlaw.mix.analysis.NearCopies} and {@link
 * dev.mixlaw.mix.analysis.Contamination} find what stands twice, {@link
 * dev.mixlaw.mix.analysis.DiversityMeter} gives the figures that collapse over rounds is judged by.
 * Words are cut by Lucene in the way of their {@link dev.mixlaw.mix.analysis.Language}. The order
 * of documents changes no figure.
 */
@NullMarked
package dev.mixlaw.mix.analysis;

import org.jspecify.annotations.NullMarked;
