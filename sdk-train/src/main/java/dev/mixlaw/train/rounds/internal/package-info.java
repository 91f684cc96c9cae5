/** How rounds are laid out, written and kept. */
@NullMarked
package dev.mixlaw.train.rounds.internal;

import org.jspecify.annotations.NullMarked;
