/**
 * From a study's text to tokens: surveys all corpora and domains, trains or loads the tokenizer,
 * writes the token shards, and makes none of it twice.
 */
@NullMarked
package dev.mixlaw.mix.prepare;

import org.jspecify.annotations.NullMarked;
