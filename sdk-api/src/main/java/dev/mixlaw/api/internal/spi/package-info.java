/**
 * Service interfaces for preparing text and running studies, which only modules of this project
 * implement.
 */
@NullMarked
package dev.mixlaw.api.internal.spi;

import org.jspecify.annotations.NullMarked;
