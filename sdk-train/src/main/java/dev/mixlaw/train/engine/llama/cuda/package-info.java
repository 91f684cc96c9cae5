/**
 * An NVIDIA card as a device: kernels of our own in CUDA C++, compiled for the card at their first
 * use, and matrix products by cuBLASLt.
 *
 * <p>{@link dev.mixlaw.train.engine.llama.cuda.CudaKernels} writes what is to be done on a {@link
 * dev.mixlaw.train.engine.llama.cuda.CommandBuffer}; a {@link
 * dev.mixlaw.train.engine.llama.cuda.GraphicsCard} does it, and what is written twice it plays back
 * as a recording.
 *
 * <p>CUDA's libraries are the host's, of version 12 or 13, whichever its driver runs: called by
 * JNA, as JavaCPP's presets are linked to one version.
 */
@NullMarked
package dev.mixlaw.train.engine.llama.cuda;

import org.jspecify.annotations.NullMarked;
