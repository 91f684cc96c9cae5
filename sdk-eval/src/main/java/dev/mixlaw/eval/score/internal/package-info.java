/** Not for use outside this module: the likelihood of token sequences of any length. */
@NullMarked
package dev.mixlaw.eval.score.internal;

import org.jspecify.annotations.NullMarked;
