/**
 * Provides classes that read corpora, hold out validation text, and remove near duplicates.
 *
 * <ul>
 *   <li>{@link dev.mixlaw.mix.corpus.Corpora} opens any corpus, describes the file formats, and
 *       removes documents that repeat others.
 *   <li>{@link dev.mixlaw.mix.corpus.TextPath} recognizes the format of the text at a path.
 *   <li>{@link dev.mixlaw.mix.corpus.HuggingFaceDataset} and {@link
 *       dev.mixlaw.mix.corpus.MegatronTokens} describe text that needs more than a path.
 *   <li>{@link dev.mixlaw.mix.corpus.HeldOut} splits documents into training text and validation
 *       text without shared passages.
 *   <li>{@link dev.mixlaw.mix.corpus.JsonLines} writes documents to a JSON Lines file.
 * </ul>
 *
 * @since 0.1.0
 */
@NullMarked
package dev.mixlaw.mix.corpus;

import org.jspecify.annotations.NullMarked;
