/** Helpers that depend on no other package. Exported to the modules of Mixlaw only. */
@NullMarked
package dev.mixlaw.api.internal;

import org.jspecify.annotations.NullMarked;
