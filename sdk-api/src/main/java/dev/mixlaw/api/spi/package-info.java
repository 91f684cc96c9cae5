/**
 * Ports between the modules, found by {@link java.util.ServiceLoader} or handed to {@link
 * dev.mixlaw.api.Lab.Builder}. Applications need none of them.
 */
@NullMarked
package dev.mixlaw.api.spi;

import org.jspecify.annotations.NullMarked;
