/**
 * Findings for people and for programs: one self-contained HTML file, and beside it {@code
 * results.json} and {@code runs.jsonl}.
 *
 * <p>{@code results.json} holds {@code mixtures} [name, shares], {@code domains} [name, documents,
 * tokens, bytes], {@code losses} [mixture, model, budget, seed, domain, nats_per_token,
 * bits_per_byte, low, high, bits_per_byte_low, bits_per_byte_high], where {@code low} and {@code
 * high} bound nats per token and the domains {@code macro} and {@code micro} are the averages,
 * {@code comparisons}, {@code laws}, {@code best_share}, {@code speedup}, {@code collapse}, {@code
 * decision_accuracy}, {@code refused}, {@code warnings} and where it all came from. It holds no
 * time, date or path: the same study gives the same bytes, however often it was stopped. {@code
 * runs.jsonl} has one run a line, times included.
 *
 * <p>Others who have something to show, samples say, use the same parts: {@link
 * dev.mixlaw.eval.report.LawPlot} draws fitted laws, {@link dev.mixlaw.eval.report.HeatMap} a
 * matrix, and {@link dev.mixlaw.eval.report.HtmlPage} puts drawings and tables into a page.
 */
@NullMarked
package dev.mixlaw.eval.report;

import org.jspecify.annotations.NullMarked;
