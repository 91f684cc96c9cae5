/**
 * What engines compute on the CPU in plain Java: all operations of a decoder that are bound by
 * memory or by {@code exp}, in loops that the JIT compiler C2 vectorizes.
 */
@NullMarked
package dev.mixlaw.train.engine.vector;

import org.jspecify.annotations.NullMarked;
