/** The output of the sample CompareCorpora. */
@NullMarked
package dev.mixlaw.samples.compare;

import org.jspecify.annotations.NullMarked;
