/**
 * Token shards: a corpus or domain as token ids in one memory-mapped file.
 *
 * <p>All numbers are little-endian. A header of 128 bytes ({@link
 * dev.mixlaw.mix.shard.ShardHeader}) is followed by the ids (2 bytes each where the vocabulary has
 * at most 65536 tokens, else 4), the first token of each document and one past the last (8 bytes
 * each), the UTF-8 bytes of each document's text (4 bytes each), each section padded to 8 bytes,
 * and notes on records left out (UTF-8 lines).
 */
@NullMarked
package dev.mixlaw.mix.shard;

import org.jspecify.annotations.NullMarked;
