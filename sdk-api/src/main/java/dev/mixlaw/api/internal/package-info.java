/**
 * Helpers that depend on no other package. This package is exported only to the modules of Mixlaw.
 */
@NullMarked
package dev.mixlaw.api.internal;

import org.jspecify.annotations.NullMarked;
