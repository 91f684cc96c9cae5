/**
 * Token shards and the sampling of mixtures from them. This package is not exported.
 *
 * <p>A {@link dev.mixlaw.mix.shard.TokenShard} holds the token ids of a corpus or domain in one
 * memory-mapped file. All numbers in it are little-endian. The sections of the file are padded to
 * multiples of 8 bytes:
 *
 * <ol>
 *   <li>a header of 128 bytes ({@link dev.mixlaw.mix.shard.ShardHeader});
 *   <li>the ids, 2 bytes each if the vocabulary has at most 65536 tokens, else 4;
 *   <li>the index of the first token of each document, and the number of tokens, 8 bytes each;
 *   <li>the size of each document's text in UTF-8 bytes, 4 bytes each;
 *   <li>notes on skipped records, as UTF-8 lines.
 * </ol>
 *
 * <p>A {@link dev.mixlaw.mix.shard.MixtureSampler} samples training sequences from the shards of a
 * mixture, with exact shares.
 */
@NullMarked
package dev.mixlaw.mix.shard;

import org.jspecify.annotations.NullMarked;
