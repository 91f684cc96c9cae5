/**
 * Engines that train decoders. {@link dev.mixlaw.train.engine.Engines} finds them by name.
 *
 * <p>An engine is a {@link dev.mixlaw.api.spi.TrainingEngine} that is registered with {@link
 * java.util.ServiceLoader}. For the same weights and batch, all engines compute the same loss and
 * gradients up to rounding.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.mixlaw.train.engine;

import org.jspecify.annotations.NullMarked;
