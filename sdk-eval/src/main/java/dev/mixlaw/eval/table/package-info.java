/**
 * Reads tables of losses from any training program, and files of multiple-choice questions.
 *
 * <p>{@link dev.mixlaw.eval.table.LossTable} reads observations for laws and runs for mixture
 * models. {@link dev.mixlaw.eval.table.RunTable} analyzes a table like a study.
 *
 * <h2>The schema</h2>
 *
 * A table is a CSV file with a header, or a file of JSON objects, one per line. The separator of a
 * CSV file is the first comma, semicolon or tab in its header. Cells are quoted as in RFC 4180, and
 * a byte order mark is skipped. Both kinds of files can be compressed with gzip. Each row is one
 * measured model. The methods of {@link dev.mixlaw.eval.table.LossTable} set the column names. The
 * columns are:
 *
 * <ul>
 *   <li><b>losses</b>, above 0, in nats per token or bits per byte ({@link
 *       dev.mixlaw.api.units.LossUnit}). There is one column for each domain. Default: {@code
 *       loss}.
 *   <li><b>metrics</b>: any number of columns of other metrics ({@link
 *       dev.mixlaw.eval.table.LossTable#metric}), each a finite number. Laws are fitted to those
 *       whose lower values are better.
 *   <li><b>params</b> N, above 0. Embeddings are excluded, unless the author of the table counts
 *       parameters differently.
 *   <li><b>tokens</b> D, above 0. This is the number of training tokens, including repeats.
 *   <li><b>unique tokens</b> U, above 0. This is the number of distinct training tokens.
 *   <li><b>shares</b> of sources in a <em>fixed total</em> D, from 0 to 1. There is one column for
 *       each source. Sums within 1 % of 1 are normalized, and other sums are rejected. A single
 *       share column can have any value from 0 to 1.
 *   <li><b>human tokens</b> and <b>synthetic tokens</b>, where synthetic tokens are <em>added</em>
 *       to a number of human tokens. This experiment differs from shares of a fixed total, so a
 *       table cannot have both kinds of columns.
 *   <li><b>cluster</b>, the training run to which a checkpoint belongs.
 *   <li><b>weight</b>, the weight of a row in a fit, above 0, such as the number of seeds that were
 *       averaged.
 *   <li>other columns for conditions ({@link dev.mixlaw.eval.table.LossTable#where}), such as
 *       {@code train_corpus=rpj}, or to distinguish rows. Rows that are identical in every column
 *       are rejected as duplicates, so seeds need a separate column.
 * </ul>
 *
 * Losses can be in a second file, with a column that identifies the matching rows of both files.
 * Numbers have a decimal point, unless {@link dev.mixlaw.eval.table.LossTable#decimalComma} is set.
 * A number can end in k, M, B (billion), T or %. An empty cell is an error, unless {@link
 * dev.mixlaw.eval.table.LossTable#skipEmpty} omits its row. Up to twenty problems are reported at
 * once, each with its file, line, column and rule.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.mixlaw.eval.table;

import org.jspecify.annotations.NullMarked;
