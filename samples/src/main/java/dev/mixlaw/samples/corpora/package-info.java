/**
 * Text for the samples: a default corpus out of ordinary Maven artifacts, and corpora in a
 * directory.
 *
 * <p>{@link dev.mixlaw.samples.corpora.DefaultCorpora} takes English of several kinds from jars on
 * the class path and makes synthetic text of it without an LLM; {@link
 * dev.mixlaw.samples.corpora.CorporaDirectory} takes natural text and what LLMs wrote from files.
 * Both give {@link dev.mixlaw.samples.corpora.SampleCorpora}: files like a user's own.
 */
@NullMarked
package dev.mixlaw.samples.corpora;

import org.jspecify.annotations.NullMarked;
