/**
 * The Llama decoder of the engines {@code native} and {@code cuda}. {@link
 * dev.mixlaw.train.engine.llama.DecoderSession} is the best class to read first, because it shows
 * the parts of a training step.
 *
 * <p>{@link dev.mixlaw.train.engine.llama.ForwardPass} and {@link
 * dev.mixlaw.train.engine.llama.LossAndGradients} run the blocks of the decoder. A block consists
 * of an {@link dev.mixlaw.train.engine.llama.AttentionSublayer} and a {@link
 * dev.mixlaw.train.engine.llama.FeedForwardSublayer}. Each of them has a forward pass, a backward
 * pass and a step of text generation, which call the kernels of the interface {@link
 * dev.mixlaw.train.engine.llama.DeviceKernels}. The package {@code llama.cpu} implements these
 * kernels for CPUs, and {@code llama.cuda} for GPUs.
 *
 * <p>All memory is allocated when a session opens. A step is a sequence of kernel calls that reads
 * no results, so a device may execute it asynchronously. Decisions that depend on results, such as
 * clipping by the norm, are made in kernels.
 */
@NullMarked
package dev.mixlaw.train.engine.llama;

import org.jspecify.annotations.NullMarked;
