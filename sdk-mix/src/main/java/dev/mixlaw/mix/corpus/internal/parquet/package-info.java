/**
 * Not for use outside this module: one text column of Parquet files, page by page.
 *
 * <p>The format's structures, encodings and levels are read by Apache's own {@code parquet-column}
 * and {@code parquet-format-structures}, which know nothing of Hadoop; {@code parquet-hadoop},
 * which joins them to files, does, and reads whole column chunks. What it would do is here: the
 * footer, the pages of a chunk one at a time, their compression.
 */
@NullMarked
package dev.mixlaw.mix.corpus.internal.parquet;

import org.jspecify.annotations.NullMarked;
