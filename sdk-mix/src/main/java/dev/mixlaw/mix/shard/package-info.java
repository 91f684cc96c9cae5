/**
 * Provides token shards and samples the sequences of mixtures from them. This package is not
 * exported.
 *
 * <p>A {@link dev.mixlaw.mix.shard.TokenShard} holds the token ids of a corpus or domain in one
 * memory-mapped file. All numbers in it are little-endian. The sections of the file are padded to
 * multiples of 8 bytes:
 *
 * <ol>
 *   <li>The header has 128 bytes ({@link dev.mixlaw.mix.shard.ShardHeader}).
 *   <li>The token ids are 2-byte numbers if the vocabulary has at most 65536 tokens, and otherwise
 *       4-byte numbers.
 *   <li>The index of the first token of each document and the total number of tokens are 8-byte
 *       numbers.
 *   <li>The size of each document's text in UTF-8 bytes is a 4-byte number.
 *   <li>Notes on skipped records are lines of UTF-8 text.
 * </ol>
 *
 * <p>A {@link dev.mixlaw.mix.shard.MixtureSampler} samples training sequences from the shards of a
 * mixture, with exact shares.
 */
@NullMarked
package dev.mixlaw.mix.shard;

import org.jspecify.annotations.NullMarked;
