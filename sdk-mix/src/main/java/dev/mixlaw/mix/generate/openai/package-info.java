/**
 * Provides text generators for OpenAI-compatible HTTP servers, such as vLLM, llama.cpp, Ollama, LM
 * Studio and hosted models.
 */
@NullMarked
package dev.mixlaw.mix.generate.openai;

import org.jspecify.annotations.NullMarked;
