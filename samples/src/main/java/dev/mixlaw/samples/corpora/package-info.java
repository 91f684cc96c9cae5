/**
 * The text of the sample programs.
 *
 * <p>{@link dev.mixlaw.samples.corpora.DefaultCorpora} reads English text of several kinds from
 * jars on the class path, and derives synthetic text from it. {@link
 * dev.mixlaw.samples.corpora.CorporaDirectory} reads natural and synthetic text from files. Both
 * classes return {@link dev.mixlaw.samples.corpora.SampleCorpora}.
 */
@NullMarked
package dev.mixlaw.samples.corpora;

import org.jspecify.annotations.NullMarked;
