/** Not for use outside this module. */
@NullMarked
package dev.mixlaw.eval.choice.internal;

import org.jspecify.annotations.NullMarked;
