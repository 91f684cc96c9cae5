/**
 * Provides the statistics and the linear algebra that several packages of this module share. The
 * package is not exported.
 */
@NullMarked
package dev.mixlaw.eval.stats;

import org.jspecify.annotations.NullMarked;
