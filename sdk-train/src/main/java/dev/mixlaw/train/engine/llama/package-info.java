/**
 * The Llama decoder of the engines {@code native} and {@code cuda}. Start reading at {@link
 * dev.mixlaw.train.engine.llama.DecoderSession}: it shows the parts of a training step.
 *
 * <p>{@link dev.mixlaw.train.engine.llama.ForwardPass} and {@link
 * dev.mixlaw.train.engine.llama.LossAndGradients} define the computation in terms of a small
 * interface of kernels, {@link dev.mixlaw.train.engine.llama.DeviceKernels}. A {@link
 * dev.mixlaw.train.engine.llama.Device} implements it: {@code llama.cpu} on a CPU, {@code
 * llama.cuda} on a GPU.
 *
 * <p>All memory is allocated when a session opens. A step is a sequence of kernel calls that does
 * not read any results, so a device may run asynchronously. Decisions that depend on results, such
 * as clipping by the norm, are made in kernels.
 */
@NullMarked
package dev.mixlaw.train.engine.llama;

import org.jspecify.annotations.NullMarked;
