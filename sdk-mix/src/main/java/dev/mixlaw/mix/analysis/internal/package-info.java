/** Counting tables and files, and the analysers. */
@NullMarked
package dev.mixlaw.mix.analysis.internal;

import org.jspecify.annotations.NullMarked;
