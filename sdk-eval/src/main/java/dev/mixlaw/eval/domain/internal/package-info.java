/** Not for use outside this module. */
@NullMarked
package dev.mixlaw.eval.domain.internal;

import org.jspecify.annotations.NullMarked;
