/**
 * NVIDIA GPUs as devices for the Llama decoder. Kernels are written in CUDA C++ and compiled at
 * first use. Matrix products use cuBLASLt.
 *
 * <p>{@link dev.mixlaw.train.engine.llama.cuda.CudaKernels} collects commands in a {@link
 * dev.mixlaw.train.engine.llama.cuda.CommandBuffer}, and {@link
 * dev.mixlaw.train.engine.llama.cuda.NvidiaCard} executes them. Repeated sequences of commands are
 * executed as CUDA graphs.
 *
 * <p>The CUDA libraries, version 12 or 13, must be installed on the machine. JNA is used to call
 * them, because JavaCPP's presets are linked to one specific version.
 */
@NullMarked
package dev.mixlaw.train.engine.llama.cuda;

import org.jspecify.annotations.NullMarked;
