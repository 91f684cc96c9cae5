/**
 * Provides hashes, sets and document streams that several packages share. This package is not
 * exported.
 */
@NullMarked
package dev.mixlaw.mix.internal;

import org.jspecify.annotations.NullMarked;
