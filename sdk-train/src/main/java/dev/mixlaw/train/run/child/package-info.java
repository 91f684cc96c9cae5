/** Trains in Java virtual machines of their own, so that a native failure ends one run only. */
@NullMarked
package dev.mixlaw.train.run.child;

import org.jspecify.annotations.NullMarked;
