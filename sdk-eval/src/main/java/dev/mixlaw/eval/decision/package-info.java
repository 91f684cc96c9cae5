/**
 * How far small runs can be trusted to choose for large ones.
 *
 * <p>See {@link dev.mixlaw.eval.decision.Decisions}.
 */
@NullMarked
package dev.mixlaw.eval.decision;

import org.jspecify.annotations.NullMarked;
