/**
 * Synthetic corpora by any text generator: where every document came from and what it cost.
 *
 * <p>{@link dev.mixlaw.mix.generate.Generation} describes one: corpus → {@link
 * dev.mixlaw.mix.generate.builtin.Styles style} → generator → {@link
 * dev.mixlaw.mix.generate.builtin.Filters filters} → corpus. It is planned before it is paid for,
 * asks within a budget, remembers every answer, goes on after a kill without asking again, and
 * leaves a corpus file and a {@link dev.mixlaw.mix.generate.DataCard}. Generators are whatever
 * implements {@link dev.mixlaw.api.spi.TextGenerator}: {@link
 * dev.mixlaw.mix.generate.openai.OpenAiEndpoint} for servers of language models, {@link
 * dev.mixlaw.mix.generate.ModelGenerator} for models trained here, those of {@link
 * dev.mixlaw.mix.synthetic} offline, your own.
 */
@NullMarked
package dev.mixlaw.mix.generate;

import org.jspecify.annotations.NullMarked;
