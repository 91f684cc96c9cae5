/** Not for use outside this module: the workings of the generators. */
@NullMarked
package dev.mixlaw.mix.synthetic.internal;

import org.jspecify.annotations.NullMarked;
