/**
 * Provides gradient boosting for mixture models with LightGBM.
 *
 * <p><b>Experimental:</b> this package may change in any release.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.mixlaw.eval.boosting;

import org.jspecify.annotations.NullMarked;
