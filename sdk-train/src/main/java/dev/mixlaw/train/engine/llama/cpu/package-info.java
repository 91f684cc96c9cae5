/**
 * The processor as a device of the Llama decoder: matrix products and softmax by oneDNN, everything
 * else by the loops of {@link dev.mixlaw.train.engine.vector}.
 */
@NullMarked
package dev.mixlaw.train.engine.llama.cpu;

import org.jspecify.annotations.NullMarked;
