/**
 * Interfaces for custom engines, generators, evaluators and analysts.
 *
 * <p>Implementations are set with {@link dev.mixlaw.api.Lab.Builder} or found by {@link
 * java.util.ServiceLoader}. An application that only runs studies needs none of these types.
 *
 * <p><b>Experimental:</b> this package may change in any release.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.mixlaw.api.spi;

import org.jspecify.annotations.NullMarked;
