/** Atomic and durable writing of files. This package is exported only to the modules of Mixlaw. */
@NullMarked
package dev.mixlaw.api.internal.io;

import org.jspecify.annotations.NullMarked;
