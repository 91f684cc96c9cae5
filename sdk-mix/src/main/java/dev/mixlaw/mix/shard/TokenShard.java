package dev.mixlaw.mix.shard;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.internal.Reasons;
import dev.mixlaw.api.results.TextFacts;
import dev.mixlaw.api.spi.TokenizedText;
import dev.mixlaw.api.spi.Tokenizer;
import dev.mixlaw.mix.shard.ShardHeader.DamagedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A corpus or domain as tokens in a memory-mapped file that is known to be whole.
 *
 * <p>After {@link #close} every access is an {@link IllegalStateException}. The mapping itself is
 * returned when the garbage collector finds it: Java 17 has no way to take it from a thread that
 * may be reading.
 */
public final class TokenShard implements TokenizedText, AutoCloseable {
  private final Path path;
  private final ShardHeader header;
  private final TextFacts facts;
  private final List<String> skippedExamples;
  private volatile @Nullable MappedFile file;

  private TokenShard(Path path, Corpus corpus, ShardHeader header, MappedFile file) {
    this.path = path;
    this.header = header;
    this.file = file;
    this.facts =
        new TextFacts(
            corpus.name(),
            corpus.kind(),
            corpus.generator(),
            header.documents(),
            header.tokens(),
            header.textBytes(),
            header.skipped(),
            header.content());
    String notes =
        new String(
            file.bytes(header.notesAt(), Math.toIntExact(header.noteBytes())),
            StandardCharsets.UTF_8);
    this.skippedExamples = notes.isEmpty() ? List.of() : List.of(notes.split("\n", -1));
  }

  /**
   * Opens a shard and reads all of it once, to see that it is whole.
   *
   * @param corpus whose tokens these are
   * @throws MixlawException of kind STORAGE if it is truncated, damaged, of another version or no
   *     shard at all
   */
  public static TokenShard open(Path path, Corpus corpus) {
    try {
      MappedFile file = MappedFile.open(path);
      return new TokenShard(path, corpus, check(file), file);
    } catch (DamagedException e) {
      throw unusable(path, String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw unusable(path, "cannot be read: " + Reasons.of(e), e);
    }
  }

  private static MixlawException unusable(Path path, String reason, Exception cause) {
    return new MixlawException(
        MixlawException.Kind.STORAGE,
        new Problem(
            "token shard " + path,
            reason,
            "a whole shard",
            "deleting it: it is made again from the text"),
        cause);
  }

  private static ShardHeader check(MappedFile file) throws DamagedException {
    if (file.size() < ShardHeader.BYTES) {
      throw new DamagedException("truncated: " + file.size() + " bytes, less than a header");
    }
    ShardHeader header = ShardHeader.of(ByteBuffer.wrap(file.bytes(0, ShardHeader.BYTES)));
    if (file.size() != header.fileBytes()) {
      String how = file.size() < header.fileBytes() ? "truncated: " : "too long: ";
      throw new DamagedException(how + file.size() + " bytes of " + header.fileBytes());
    }
    if (file.checksum(ShardHeader.BYTES) != header.checksum()) {
      throw new DamagedException("damaged: its checksum does not fit its bytes");
    }
    return header;
  }

  private MappedFile file() {
    MappedFile open = file;
    if (open == null) {
      throw new IllegalStateException("token shard " + path + " is closed");
    }
    return open;
  }

  @Override
  public TextFacts facts() {
    return facts;
  }

  /** Whether its ids are this tokenizer's. */
  public boolean madeBy(Tokenizer tokenizer) {
    return header.tokenizer().equals(ShardHeader.hashOf(tokenizer));
  }

  /** The first few malformed records that were left out. */
  public List<String> skippedExamples() {
    return skippedExamples;
  }

  @Override
  public int documents() {
    return header.documents();
  }

  @Override
  public int[] tokens(int document) {
    Objects.checkIndex(document, header.documents());
    long at = header.offsetsAt() + (long) document * Long.BYTES;
    long from = file().number(at);
    int[] ids = new int[Math.toIntExact(file().number(at + Long.BYTES) - from)];
    copy(from, ids, 0, ids.length);
    return ids;
  }

  @Override
  public int bytes(int document) {
    Objects.checkIndex(document, header.documents());
    return file().integer(header.lengthsAt() + (long) document * Integer.BYTES);
  }

  /**
   * Copies ids of the concatenated documents.
   *
   * @param token the first one, from 0
   */
  public void copy(long token, int[] into, int offset, int length) {
    Objects.checkFromIndexSize(token, length, header.tokens());
    long at = ShardHeader.BYTES + token * header.width();
    file().copy(at, header.width(), into, offset, length);
  }

  @Override
  public void close() {
    file = null;
  }

  @Override
  public String toString() {
    return "token shard " + path;
  }
}
