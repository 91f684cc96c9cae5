/** Fits and searches behind the mixture models. Not for use outside. */
@NullMarked
package dev.mixlaw.eval.mixture.internal;

import org.jspecify.annotations.NullMarked;
