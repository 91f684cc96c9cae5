/** Ports that only modules of this project implement: prepared text, runners and stored runs. */
@NullMarked
package dev.mixlaw.api.internal.spi;

import org.jspecify.annotations.NullMarked;
