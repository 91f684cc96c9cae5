/** Child JVMs that each train one model, so that a crash in native code ends only one run. */
@NullMarked
package dev.mixlaw.train.run.child;

import org.jspecify.annotations.NullMarked;
