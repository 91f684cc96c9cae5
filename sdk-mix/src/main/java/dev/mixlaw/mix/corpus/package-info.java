/**
 * Corpora: reading documents, splitting off validation text, removing near duplicates.
 *
 * <ul>
 *   <li>{@link dev.mixlaw.mix.corpus.Corpora} opens any corpus and describes the file formats.
 *   <li>{@link dev.mixlaw.mix.corpus.TextPath} recognises the format of the text at a path.
 *   <li>{@link dev.mixlaw.mix.corpus.HuggingFaceDataset} and {@link
 *       dev.mixlaw.mix.corpus.MegatronTokens} describe text that needs more than a path.
 *   <li>{@link dev.mixlaw.mix.corpus.HeldOut} splits documents into training and validation text
 *       that have no passages in common.
 *   <li>{@link dev.mixlaw.mix.corpus.NearDuplicates} removes nearly equal documents.
 *   <li>{@link dev.mixlaw.mix.corpus.JsonLines} writes documents to a file.
 * </ul>
 */
@NullMarked
package dev.mixlaw.mix.corpus;

import org.jspecify.annotations.NullMarked;
