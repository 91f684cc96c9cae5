/**
 * Runs studies on one machine: plans them, trains their runs in a bounded pool, and keeps results
 * and checkpoints so that a study killed at any moment goes on where it was.
 */
@NullMarked
package dev.mixlaw.train.run;

import org.jspecify.annotations.NullMarked;
