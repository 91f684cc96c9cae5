/**
 * NVIDIA cards as devices. Kernels are written in CUDA C++ and compiled for the card at first use;
 * matrix products come from cuBLASLt.
 *
 * <p>{@link dev.mixlaw.train.engine.llama.cuda.CudaKernels} collects commands in a {@link
 * dev.mixlaw.train.engine.llama.cuda.CommandBuffer}; a {@link
 * dev.mixlaw.train.engine.llama.cuda.NvidiaCard} executes them. Repeated sequences of commands
 * become CUDA graphs.
 *
 * <p>The host provides CUDA's libraries, version 12 or 13, depending on its driver. They are called
 * with JNA, because JavaCPP's presets are linked to one version.
 */
@NullMarked
package dev.mixlaw.train.engine.llama.cuda;

import org.jspecify.annotations.NullMarked;
