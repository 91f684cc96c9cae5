/** Not for use outside this module. */
@NullMarked
package dev.mixlaw.mix.generate.filter.internal;

import org.jspecify.annotations.NullMarked;
