/**
 * Preparation of a study: reading the corpora and domains, training or opening the tokenizer, and
 * writing token shards, which later runs reuse.
 */
@NullMarked
package dev.mixlaw.mix.prepare;

import org.jspecify.annotations.NullMarked;
