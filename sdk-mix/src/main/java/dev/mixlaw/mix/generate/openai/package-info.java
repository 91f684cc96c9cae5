/**
 * Language models behind the OpenAI-compatible HTTP interface: vLLM, llama.cpp's server, Ollama, LM
 * Studio and hosted ones.
 */
@NullMarked
package dev.mixlaw.mix.generate.openai;

import org.jspecify.annotations.NullMarked;
