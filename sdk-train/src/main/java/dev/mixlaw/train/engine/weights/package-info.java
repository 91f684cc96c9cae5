/**
 * The weights of a decoder, whichever engine trains it: where each tensor lies, its first values,
 * and its files in Hugging Face's Llama layout.
 */
@NullMarked
package dev.mixlaw.train.engine.weights;

import org.jspecify.annotations.NullMarked;
