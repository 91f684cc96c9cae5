/**
 * Provides text generators for OpenAI-compatible HTTP servers, such as vLLM, llama.cpp, Ollama, LM
 * Studio and hosted models.
 *
 * <p><b>Experimental:</b> this package may change in any release.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.mixlaw.mix.generate.openai;

import org.jspecify.annotations.NullMarked;
