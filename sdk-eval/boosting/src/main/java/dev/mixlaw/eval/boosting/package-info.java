/** Provides gradient boosting for mixture models with LightGBM. */
@NullMarked
package dev.mixlaw.eval.boosting;

import org.jspecify.annotations.NullMarked;
