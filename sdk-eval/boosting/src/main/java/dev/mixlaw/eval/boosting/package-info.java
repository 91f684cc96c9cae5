/** Gradient boosting for mixture models, by LightGBM. */
@NullMarked
package dev.mixlaw.eval.boosting;

import org.jspecify.annotations.NullMarked;
