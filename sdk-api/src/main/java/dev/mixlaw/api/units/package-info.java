/** Quantities with a unit, such as a number of training tokens or of model parameters. */
@NullMarked
package dev.mixlaw.api.units;

import org.jspecify.annotations.NullMarked;
