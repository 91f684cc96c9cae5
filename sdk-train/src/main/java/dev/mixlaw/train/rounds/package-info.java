/**
 * Rounds of training on own text: trains the models of a round, has each write the next round's
 * text, mixes by strategy, and goes on where it was after a kill at any moment.
 */
@NullMarked
package dev.mixlaw.train.rounds;

import org.jspecify.annotations.NullMarked;
