/**
 * Does training on synthetic text collapse? Verdicts over training tokens and over rounds of
 * generation, each with its reason and the first point that violates; "not decidable" is one.
 *
 * <p>{@link dev.mixlaw.eval.collapse.TokenCollapse} asks whether a mixture runs into a floor above
 * the natural one's as D grows. {@link dev.mixlaw.eval.collapse.RoundCollapse} asks whether models
 * get worse, or their text poorer, as each round trains on what the last one wrote (Shumailov et
 * al. 2024, "AI models collapse when trained on recursively generated data"; Gerstgrasser et al.
 * 2024, "Is Model Collapse Inevitable?").
 */
@NullMarked
package dev.mixlaw.eval.collapse;

import org.jspecify.annotations.NullMarked;
