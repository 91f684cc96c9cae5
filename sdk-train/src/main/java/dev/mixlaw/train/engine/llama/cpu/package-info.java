/**
 * The processor as a device: a thread for each lane, matrix products by oneDNN, the rest in the
 * loops of {@link dev.mixlaw.train.engine.vector}.
 */
@NullMarked
package dev.mixlaw.train.engine.llama.cpu;

import org.jspecify.annotations.NullMarked;
