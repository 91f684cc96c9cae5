/**
 * What engines compute on the CPU in plain Java: everything of a decoder that is bound by memory or
 * by {@code exp}, in loops that C2 turns into vector instructions.
 */
@NullMarked
package dev.mixlaw.train.engine.vector;

import org.jspecify.annotations.NullMarked;
