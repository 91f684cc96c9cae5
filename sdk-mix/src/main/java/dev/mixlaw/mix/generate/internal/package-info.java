/** Not for use outside this module. */
@NullMarked
package dev.mixlaw.mix.generate.internal;

import org.jspecify.annotations.NullMarked;
