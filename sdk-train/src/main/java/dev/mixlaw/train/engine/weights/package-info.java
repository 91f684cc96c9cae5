/**
 * Classes for weights that all engines share: the layout of the weights, their initial values, and
 * files in Hugging Face's Llama format.
 */
@NullMarked
package dev.mixlaw.train.engine.weights;

import org.jspecify.annotations.NullMarked;
