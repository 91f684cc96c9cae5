/** Hashes, sets and streams that several packages of this module use. Not exported. */
@NullMarked
package dev.mixlaw.mix.internal;

import org.jspecify.annotations.NullMarked;
