/**
 * Language models behind an OpenAI-compatible HTTP interface, such as vLLM, llama.cpp's server,
 * Ollama, LM Studio and hosted models.
 */
@NullMarked
package dev.mixlaw.mix.generate.openai;

import org.jspecify.annotations.NullMarked;
