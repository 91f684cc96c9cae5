/**
 * Provides tokenizers: byte-level byte-pair encodings, any Hugging Face {@code tokenizer.json}, and
 * GPT encodings.
 *
 * <p>{@link dev.mixlaw.mix.token.Tokenizers} trains tokenizers and opens existing ones. Some
 * tokenizers require an optional library, {@code ai.djl.huggingface:tokenizers} or {@code
 * com.knuddels:jtokkit}. If it is missing, opening such a tokenizer fails, and the message names
 * the artifact.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.mixlaw.mix.token;

import org.jspecify.annotations.NullMarked;
