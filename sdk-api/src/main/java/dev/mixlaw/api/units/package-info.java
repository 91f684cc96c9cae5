/** Quantities with a unit: numbers of training tokens and numbers of model parameters. */
@NullMarked
package dev.mixlaw.api.units;

import org.jspecify.annotations.NullMarked;
