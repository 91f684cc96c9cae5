/**
 * Service interfaces that only modules of this project implement. They prepare text and run
 * studies.
 */
@NullMarked
package dev.mixlaw.api.internal.spi;

import org.jspecify.annotations.NullMarked;
