/** Not for use outside this module: bytes of files to documents. */
@NullMarked
package dev.mixlaw.mix.corpus.internal;

import org.jspecify.annotations.NullMarked;
