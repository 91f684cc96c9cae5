/**
 * Prepares a study: reads the corpora and domains, trains or opens the tokenizer, and writes token
 * shards, which later runs reuse.
 */
@NullMarked
package dev.mixlaw.mix.prepare;

import org.jspecify.annotations.NullMarked;
