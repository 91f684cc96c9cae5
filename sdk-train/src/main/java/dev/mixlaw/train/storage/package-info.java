/** File operations and JSON records for studies and rounds. */
@NullMarked
package dev.mixlaw.train.storage;

import org.jspecify.annotations.NullMarked;
