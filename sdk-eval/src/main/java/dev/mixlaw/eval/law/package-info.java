/**
 * Scaling laws: forms, a robust fit with intervals, and refusals where the data cannot say.
 *
 * <p>A {@link dev.mixlaw.eval.law.LawForm} is a formula with named parameters; {@link
 * dev.mixlaw.eval.law.LawForms} has those of the literature. {@link
 * dev.mixlaw.eval.law.Observations} are measured losses. {@link dev.mixlaw.eval.law.LawFitter} puts
 * one to the other and answers with a {@link dev.mixlaw.eval.law.LawFit} or says why there is none.
 */
@NullMarked
package dev.mixlaw.eval.law;

import org.jspecify.annotations.NullMarked;
