/**
 * Quantities with a unit, such as a number of training tokens or of model parameters.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.mixlaw.api.units;

import org.jspecify.annotations.NullMarked;
