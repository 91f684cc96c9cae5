/**
 * What a study returns: losses of runs, and the findings derived from them.
 *
 * <p>{@link dev.mixlaw.api.results.Findings} is the entry point. A value that the data can support
 * is an {@link dev.mixlaw.api.results.Estimate} with its confidence interval. A question that the
 * data cannot answer is a refused {@link dev.mixlaw.api.results.Answer} with the reason.
 */
@NullMarked
package dev.mixlaw.api.results;

import org.jspecify.annotations.NullMarked;
