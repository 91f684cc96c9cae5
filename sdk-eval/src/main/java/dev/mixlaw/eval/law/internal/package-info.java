/** How laws are fitted: the objective, the solver, starts and resamples. Not for use outside. */
@NullMarked
package dev.mixlaw.eval.law.internal;

import org.jspecify.annotations.NullMarked;
