/** The sample CompareCorpora: finding corpora in a directory, comparing them, and the output. */
@NullMarked
package dev.mixlaw.samples.compare;

import org.jspecify.annotations.NullMarked;
