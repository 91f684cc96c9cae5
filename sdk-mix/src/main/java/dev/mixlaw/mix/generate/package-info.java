/**
 * Generates synthetic corpora with any text generator, and records the origin and the cost of every
 * document.
 *
 * <p>{@link dev.mixlaw.mix.generate.Generation} describes a synthetic corpus: source corpus,
 * {@linkplain dev.mixlaw.mix.generate.builtin.Styles style}, generator, {@linkplain
 * dev.mixlaw.mix.generate.builtin.Filters filters}. The cost of a generation can be estimated
 * before any request is sent. A generation stays within its budget, stores every answer, and
 * continues after a crash without repeating a request. The result is a corpus file and a data card.
 *
 * <p>A generator is any {@link dev.mixlaw.api.spi.TextGenerator}: {@link
 * dev.mixlaw.mix.generate.openai.OpenAiEndpoint} for servers of language models, {@link
 * dev.mixlaw.mix.generate.ModelGenerator} for models trained by Mixlaw, or the offline generators
 * of {@link dev.mixlaw.mix.synthetic}.
 */
@NullMarked
package dev.mixlaw.mix.generate;

import org.jspecify.annotations.NullMarked;
