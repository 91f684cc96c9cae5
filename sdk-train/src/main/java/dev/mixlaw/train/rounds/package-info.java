/**
 * Rounds of training on generated text. Each round trains models, and each model generates text for
 * the next round. Rounds can be killed and resumed at any time.
 */
@NullMarked
package dev.mixlaw.train.rounds;

import org.jspecify.annotations.NullMarked;
