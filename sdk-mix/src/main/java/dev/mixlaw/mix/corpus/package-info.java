/**
 * Corpora: reading documents from files, holding out validation text, dropping repetitions.
 *
 * <p>{@link dev.mixlaw.mix.corpus.TextPath} describes whatever lies at a path; {@link
 * dev.mixlaw.mix.corpus.Corpora} opens any corpus; {@link dev.mixlaw.mix.corpus.FileCorpusReader}
 * reads what {@link dev.mixlaw.api.Corpus} describes; {@link
 * dev.mixlaw.mix.corpus.HuggingFaceDataset} and {@link dev.mixlaw.mix.corpus.MegatronTokens}
 * describe what takes more than a path; {@link dev.mixlaw.mix.corpus.HeldOut} splits documents into
 * training and validation text that share no long passages; {@link
 * dev.mixlaw.mix.corpus.NearDuplicates} thins families of nearly equal documents; {@link
 * dev.mixlaw.mix.corpus.JsonLines} writes documents as an ordinary corpus file.
 */
@NullMarked
package dev.mixlaw.mix.corpus;

import org.jspecify.annotations.NullMarked;
