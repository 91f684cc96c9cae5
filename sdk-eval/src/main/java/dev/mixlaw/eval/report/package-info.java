/**
 * Reports for people and for programs, and the parts that report pages are built from.
 *
 * <p>{@link dev.mixlaw.eval.report.Reports} writes a self-contained HTML page, and {@code
 * results.json} and {@code runs.jsonl} in the same directory. Applications can add their own
 * sections with {@link dev.mixlaw.eval.report.ReportSection}.
 *
 * <p>{@code results.json} has a {@code schema} version and holds {@code mixtures} [name, shares],
 * {@code domains} [name, documents, tokens, bytes], {@code losses} [mixture, model, budget, seed,
 * domain, nats_per_token, bits_per_byte, low, high, bits_per_byte_low, bits_per_byte_high], {@code
 * comparisons}, {@code laws}, {@code best_share}, {@code speedup}, {@code collapse}, {@code
 * decision_accuracy}, {@code refused}, {@code warnings} and the provenance. The bounds {@code low}
 * and {@code high} are in nats per token. The domains {@code macro} and {@code micro} are the
 * averages. The file has no times, dates or paths: the same study gives the same bytes, even if it
 * was interrupted. {@code runs.jsonl} has one run per line, with its training time.
 *
 * <p>Applications can use the parts of the report for their own pages: {@link
 * dev.mixlaw.eval.report.LawPlot} draws fitted laws, {@link dev.mixlaw.eval.report.HeatMap} a
 * matrix, {@link dev.mixlaw.eval.report.ForestPlot} estimates with intervals, and {@link
 * dev.mixlaw.eval.report.HtmlPage} combines drawings and tables.
 */
@NullMarked
package dev.mixlaw.eval.report;

import org.jspecify.annotations.NullMarked;
