/** Not for use outside this module. */
@NullMarked
package dev.mixlaw.mix.quality.internal;

import org.jspecify.annotations.NullMarked;
