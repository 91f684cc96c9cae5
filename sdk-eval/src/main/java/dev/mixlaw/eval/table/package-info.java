/**
 * Reads tables of losses that any tool measured, and files of multiple-choice questions.
 *
 * <p>{@link dev.mixlaw.eval.table.LossTable} reads observations that laws are fitted to, and runs
 * that mixture models are fitted to. {@link dev.mixlaw.eval.table.RunTable} analyses a table like a
 * study.
 *
 * <h2>The schema</h2>
 *
 * A table is a CSV file with a header, or a file of JSON objects, one per line. The separator of a
 * CSV file is a comma, semicolon or tab, as in its header. Cells are quoted as in RFC 4180, and a
 * byte order mark is skipped. Either kind of file may be compressed with gzip. One row is one
 * measured model. The column names are set in {@link dev.mixlaw.eval.table.LossTable}. The columns
 * are:
 *
 * <ul>
 *   <li><b>losses</b>, default {@code loss}: above 0, in nats per token or bits per byte ({@link
 *       dev.mixlaw.api.units.LossUnit}); one column for each domain.
 *   <li><b>metrics</b>: any number of columns of other metrics ({@link
 *       dev.mixlaw.eval.table.LossTable#metric}), each a finite number. Laws are fitted to those
 *       whose lower values are better.
 *   <li><b>params</b> N, above 0; non-embedding parameters, unless the author of the table counts
 *       them differently.
 *   <li><b>tokens</b> D, above 0: all training tokens, repeats included.
 *   <li><b>unique tokens</b> U, above 0: the distinct training tokens, before any repeat.
 *   <li><b>shares</b>, one column per source, of a <em>fixed total</em> D: from 0 to 1, with sum 1.
 *       Sums within 1 % of 1 are normalized; others are refused. A single share column is the share
 *       of that source.
 *   <li><b>human tokens</b> and <b>synthetic tokens</b>: an amount <em>added</em> to a human
 *       budget, which is a different experiment from a share; a table is read as one or the other.
 *   <li><b>cluster</b>: the training run that a checkpoint belongs to.
 *   <li><b>weight</b>, above 0: the weight of a row in a fit, such as the number of seeds that were
 *       averaged.
 *   <li>anything else: for a condition ({@link dev.mixlaw.eval.table.LossTable#where}) such as
 *       {@code train_corpus=rpj}, or to distinguish rows. Rows that are identical in every column
 *       are refused as duplicates; put seeds in a separate column.
 * </ul>
 *
 * Losses may be in a second file, joined by a column that both files have. Numbers have a decimal
 * point, unless {@link dev.mixlaw.eval.table.LossTable#decimalComma} is set. An empty cell is an
 * error, unless {@link dev.mixlaw.eval.table.LossTable#skipEmpty} leaves its row out. Each problem
 * names the file, the line, the column and the rule. Up to twenty problems are reported at once.
 */
@NullMarked
package dev.mixlaw.eval.table;

import org.jspecify.annotations.NullMarked;
