/** Interfaces that only artifacts of Mixlaw implement. Applications cannot use this package. */
@NullMarked
package dev.mixlaw.eval.internal;

import org.jspecify.annotations.NullMarked;
