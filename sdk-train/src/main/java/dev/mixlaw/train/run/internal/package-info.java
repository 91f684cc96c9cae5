/** How studies are planned, trained and kept. */
@NullMarked
package dev.mixlaw.train.run.internal;

import org.jspecify.annotations.NullMarked;
