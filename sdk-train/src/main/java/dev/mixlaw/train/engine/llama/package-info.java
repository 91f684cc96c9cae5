/**
 * The engine {@code native}: one decoder, its forward and backward pass written out ({@link
 * dev.mixlaw.train.engine.llama.ForwardPass}), over a small port of kernels ({@link
 * dev.mixlaw.train.engine.llama.DeviceKernels}) that a device implements ({@link
 * dev.mixlaw.train.engine.llama.Device}).
 *
 * <p>All memory is allocated when a session opens. A step is a sequence of kernel calls without a
 * look at their results, so that a device may do them later: what depends on a result, such as
 * clipping by the norm, is decided by a kernel.
 */
@NullMarked
package dev.mixlaw.train.engine.llama;

import org.jspecify.annotations.NullMarked;
