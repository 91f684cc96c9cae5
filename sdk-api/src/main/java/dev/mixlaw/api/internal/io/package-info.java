/** Durable files. Exported to the modules of Mixlaw only. */
@NullMarked
package dev.mixlaw.api.internal.io;

import org.jspecify.annotations.NullMarked;
