/**
 * The Llama decoder of the engines {@code native} and {@code cuda}. Start reading at {@link
 * dev.mixlaw.train.engine.llama.DecoderSession}: it shows the parts of a training step.
 *
 * <p>{@link dev.mixlaw.train.engine.llama.ForwardPass} and {@link
 * dev.mixlaw.train.engine.llama.LossAndGradients} spell out the computation over a small port of
 * kernels, {@link dev.mixlaw.train.engine.llama.DeviceKernels}. A {@link
 * dev.mixlaw.train.engine.llama.Device} implements it: {@code llama.cpu} on a processor, {@code
 * llama.cuda} on a graphics card.
 *
 * <p>All memory is allocated when a session opens. A step is a sequence of kernel calls that never
 * looks at results, so that a device may run behind. Decisions that depend on results, such as
 * clipping by the norm, are made by kernels.
 */
@NullMarked
package dev.mixlaw.train.engine.llama;

import org.jspecify.annotations.NullMarked;
