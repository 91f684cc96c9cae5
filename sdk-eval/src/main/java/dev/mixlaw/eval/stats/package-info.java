/** Statistics and linear algebra that several packages of this module share. */
@NullMarked
package dev.mixlaw.eval.stats;

import org.jspecify.annotations.NullMarked;
