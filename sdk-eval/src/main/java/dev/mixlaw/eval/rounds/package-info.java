/**
 * What rounds of training on own text say: losses against round 0 in pairs, diversity of what each
 * round wrote, and a verdict for every strategy by {@link dev.mixlaw.eval.collapse.RoundCollapse}.
 */
@NullMarked
package dev.mixlaw.eval.rounds;

import org.jspecify.annotations.NullMarked;
