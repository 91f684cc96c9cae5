/**
 * Vectorized computations for engines on the CPU, in plain Java. The computations cover all
 * operations of a decoder whose speed is limited by memory bandwidth or by the exponential
 * function.
 */
@NullMarked
package dev.mixlaw.train.engine.vector;

import org.jspecify.annotations.NullMarked;
