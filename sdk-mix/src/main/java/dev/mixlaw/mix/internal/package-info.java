/** Not for use outside this module. */
@NullMarked
package dev.mixlaw.mix.internal;

import org.jspecify.annotations.NullMarked;
