/**
 * The results of a study: the losses of its runs and the findings derived from them.
 *
 * <p>{@link dev.mixlaw.api.results.Findings} is the entry point. Values that the data support are
 * given as {@link dev.mixlaw.api.results.Estimate} with a confidence interval. If the data cannot
 * answer a question, the {@link dev.mixlaw.api.results.Answer} contains the reason.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.mixlaw.api.results;

import org.jspecify.annotations.NullMarked;
