/** Streams rows out of files. Not for use outside. */
@NullMarked
package dev.mixlaw.eval.table.internal;

import org.jspecify.annotations.NullMarked;
