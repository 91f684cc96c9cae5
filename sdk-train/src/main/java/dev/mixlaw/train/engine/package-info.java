/**
 * Engines that train decoders. {@link dev.mixlaw.train.engine.Engines} finds them by name.
 *
 * <p>An engine is a {@link dev.mixlaw.api.spi.TrainingEngine} that is registered with {@link
 * java.util.ServiceLoader}. All engines compute the same loss and gradients for the same weights
 * and batch.
 */
@NullMarked
package dev.mixlaw.train.engine;

import org.jspecify.annotations.NullMarked;
