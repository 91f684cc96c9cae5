/** Ports that only modules of this project implement: text, runners and stores of runs. */
@NullMarked
package dev.mixlaw.api.internal.spi;

import org.jspecify.annotations.NullMarked;
