/** Not for use outside this module: which files a Hugging Face dataset's splits have. */
@NullMarked
package dev.mixlaw.mix.corpus.internal.dataset;

import org.jspecify.annotations.NullMarked;
