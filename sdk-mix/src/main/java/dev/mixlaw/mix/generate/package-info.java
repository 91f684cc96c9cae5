/**
 * Generates synthetic corpora with any text generator, and records the origin and the cost of every
 * document.
 *
 * <p>{@link dev.mixlaw.mix.generate.Generation} describes a synthetic corpus by its source corpus,
 * {@linkplain dev.mixlaw.mix.generate.builtin.Styles style}, generator and {@linkplain
 * dev.mixlaw.mix.generate.builtin.Filters filters}. The cost can be estimated before any request is
 * sent. A generation stays within its budget and stores every answer. A generation can be resumed
 * after a crash without repeating a request. The result is a corpus file and a data card.
 *
 * <p>A generator is any {@link dev.mixlaw.api.spi.TextGenerator}. Use {@link
 * dev.mixlaw.mix.generate.openai.OpenAiEndpoint} for language model servers, {@link
 * dev.mixlaw.mix.generate.ModelGenerator} for models trained by Mixlaw, and {@link
 * dev.mixlaw.mix.synthetic} for generators without a language model.
 *
 * <p><b>Experimental:</b> this package may change in any release.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.mixlaw.mix.generate;

import org.jspecify.annotations.NullMarked;
