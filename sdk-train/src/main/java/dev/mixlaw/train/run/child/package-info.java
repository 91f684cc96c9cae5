/** Child JVMs. Each executes one job, so that a crash in native code affects only that job. */
@NullMarked
package dev.mixlaw.train.run.child;

import org.jspecify.annotations.NullMarked;
