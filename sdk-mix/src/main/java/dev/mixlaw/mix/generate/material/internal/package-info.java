/** Not for use outside this module. */
@NullMarked
package dev.mixlaw.mix.generate.material.internal;

import org.jspecify.annotations.NullMarked;
