/** File operations and JSON files of runs and rounds. Not exported. */
@NullMarked
package dev.mixlaw.train.storage;

import org.jspecify.annotations.NullMarked;
