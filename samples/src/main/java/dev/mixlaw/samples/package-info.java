/** Sample programs, which can be run or copied from. */
@NullMarked
package dev.mixlaw.samples;

import org.jspecify.annotations.NullMarked;
