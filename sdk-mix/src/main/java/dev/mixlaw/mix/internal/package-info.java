/** Hashes, sets and document streams for several packages of this module. Not exported. */
@NullMarked
package dev.mixlaw.mix.internal;

import org.jspecify.annotations.NullMarked;
