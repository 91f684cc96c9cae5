/** Ports that only modules of this project implement: preparing text, and running studies. */
@NullMarked
package dev.mixlaw.api.internal.spi;

import org.jspecify.annotations.NullMarked;
