/** What engines have in common. */
@NullMarked
package dev.mixlaw.train.engine.internal;

import org.jspecify.annotations.NullMarked;
