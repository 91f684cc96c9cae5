/** Programs to run and to copy from. */
@NullMarked
package dev.mixlaw.samples;

import org.jspecify.annotations.NullMarked;
