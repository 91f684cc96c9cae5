/**
 * Provides reports for people and for programs, and the components of report pages.
 *
 * <p>{@link dev.mixlaw.eval.report.Reports} writes a self-contained HTML page, together with {@code
 * results.json} and {@code runs.jsonl} in the same directory. Applications can add sections that
 * implement {@link dev.mixlaw.eval.report.ReportSection}.
 *
 * <p>{@code results.json} contains a {@code schema} version, provenance, and arrays, whose elements
 * have the keys in brackets: {@code mixtures} [name, shares], {@code domains} [name, documents,
 * tokens, bytes], {@code losses} [mixture, model, budget, seed, domain, nats_per_token,
 * bits_per_byte, low, high, bits_per_byte_low, bits_per_byte_high], {@code comparisons}, {@code
 * laws}, {@code best_share}, {@code speedup}, {@code collapse}, {@code decision_accuracy}, {@code
 * refused} and {@code warnings}. The bounds {@code low} and {@code high} are in nats per token. The
 * domains {@code macro} and {@code micro} are the averages. The file contains no times, dates or
 * paths, so a study always produces the same bytes, even if it was interrupted. Each line of {@code
 * runs.jsonl} describes one run and its training time.
 *
 * <p>Applications can build their own pages from the same components: {@link
 * dev.mixlaw.eval.report.LawPlot} draws fitted laws, {@link dev.mixlaw.eval.report.HeatMap} a
 * matrix, {@link dev.mixlaw.eval.report.ForestPlot} estimates with intervals, and {@link
 * dev.mixlaw.eval.report.HtmlPage} combines drawings and tables.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.mixlaw.eval.report;

import org.jspecify.annotations.NullMarked;
