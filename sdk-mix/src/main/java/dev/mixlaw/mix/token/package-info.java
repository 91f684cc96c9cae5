/**
 * Tokenizers: a byte-level byte-pair encoding trained here, any Hugging Face {@code
 * tokenizer.json}, and GPT encodings, behind {@link dev.mixlaw.api.spi.Tokenizer}.
 *
 * <p>{@link dev.mixlaw.mix.token.BytePairTrainer} trains one, {@link
 * dev.mixlaw.mix.token.Tokenizers} opens those that exist. The second kind needs {@code
 * ai.djl.huggingface:tokenizers} and the third {@code com.knuddels:jtokkit}; both are optional, and
 * without them asking for one is an error that names the artifact.
 */
@NullMarked
package dev.mixlaw.mix.token;

import org.jspecify.annotations.NullMarked;
