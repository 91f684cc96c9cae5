/**
 * Token shards and the sampling of mixtures from them. Not exported.
 *
 * <p>A {@link dev.mixlaw.mix.shard.TokenShard} holds the token ids of a corpus or domain in one
 * memory-mapped file. All numbers are little-endian. The file has these sections, each padded to 8
 * bytes:
 *
 * <ol>
 *   <li>a header of 128 bytes ({@link dev.mixlaw.mix.shard.ShardHeader});
 *   <li>the ids, 2 bytes each if the vocabulary has at most 65536 tokens, else 4;
 *   <li>the first token of each document and one past the last, 8 bytes each;
 *   <li>the UTF-8 bytes of the text of each document, 4 bytes each;
 *   <li>notes on skipped records, as UTF-8 lines.
 * </ol>
 *
 * <p>A {@link dev.mixlaw.mix.shard.MixtureSampler} samples training sequences from the shards of a
 * mixture, with exact shares.
 */
@NullMarked
package dev.mixlaw.mix.shard;

import org.jspecify.annotations.NullMarked;
