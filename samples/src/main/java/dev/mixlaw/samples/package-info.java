/** Programs to run, and examples to copy code from. */
@NullMarked
package dev.mixlaw.samples;

import org.jspecify.annotations.NullMarked;
