/**
 * The computations of engines on the CPU in plain Java: all operations of a decoder that are
 * limited by memory bandwidth or by {@code exp}, in loops that the JIT compiler C2 vectorizes.
 */
@NullMarked
package dev.mixlaw.train.engine.vector;

import org.jspecify.annotations.NullMarked;
