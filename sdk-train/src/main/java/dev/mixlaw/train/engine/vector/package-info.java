/**
 * CPU computations for engines in plain Java. They cover all operations of a decoder whose speed is
 * limited by memory bandwidth or by {@code exp}, in loops that the JIT compiler C2 vectorizes.
 */
@NullMarked
package dev.mixlaw.train.engine.vector;

import org.jspecify.annotations.NullMarked;
