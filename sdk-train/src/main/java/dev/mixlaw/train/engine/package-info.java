/**
 * Engines that train decoders, found by name: {@link dev.mixlaw.train.engine.Engines}.
 *
 * <p>An engine is a {@link dev.mixlaw.api.spi.TrainingEngine} registered with {@link
 * java.util.ServiceLoader}; all agree on loss and gradients for the same weights and batch.
 */
@NullMarked
package dev.mixlaw.train.engine;

import org.jspecify.annotations.NullMarked;
