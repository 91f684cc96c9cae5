/**
 * Code for a decoder's weights that all engines share: their layout, their initial values, their
 * files in Hugging Face's Llama format, and checks of token ids.
 */
@NullMarked
package dev.mixlaw.train.engine.weights;

import org.jspecify.annotations.NullMarked;
