/** What the sample CompareCorpora finds in a directory, measures and shows. */
@NullMarked
package dev.mixlaw.samples.compare;

import org.jspecify.annotations.NullMarked;
