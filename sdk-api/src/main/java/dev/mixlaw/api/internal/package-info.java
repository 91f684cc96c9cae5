/** Not for use outside this module. */
@NullMarked
package dev.mixlaw.api.internal;

import org.jspecify.annotations.NullMarked;
