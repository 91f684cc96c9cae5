/** Training sequences of mixtures: exact shares, and a pure function of seed and position. */
@NullMarked
package dev.mixlaw.mix.sample;

import org.jspecify.annotations.NullMarked;
