/**
 * The CPU as a device for the Llama decoder. Matrix products and softmax use oneDNN. All other
 * operations use the loops in {@link dev.mixlaw.train.engine.vector}.
 */
@NullMarked
package dev.mixlaw.train.engine.llama.cpu;

import org.jspecify.annotations.NullMarked;
