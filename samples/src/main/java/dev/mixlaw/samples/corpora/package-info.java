/**
 * Text for the samples: the default text, from ordinary Maven artifacts, and corpora in a
 * directory.
 *
 * <p>{@link dev.mixlaw.samples.corpora.DefaultCorpora} reads several kinds of English text from
 * jars on the class path and derives synthetic text from it; {@link
 * dev.mixlaw.samples.corpora.CorporaDirectory} reads natural and synthetic text from files. Both
 * return {@link dev.mixlaw.samples.corpora.SampleCorpora}.
 */
@NullMarked
package dev.mixlaw.samples.corpora;

import org.jspecify.annotations.NullMarked;
