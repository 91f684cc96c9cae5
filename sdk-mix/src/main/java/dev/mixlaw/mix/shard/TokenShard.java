package dev.mixlaw.mix.shard;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.MixlawException;
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
 * The token ids of a corpus or domain in a memory-mapped file.
 *
 * <p>After {@link #close}, every access throws an {@link IllegalStateException}. The garbage
 * collector releases the mapping, because Java 17 cannot safely unmap memory that another thread
 * reads.
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
   * Opens a shard and verifies its checksum, which reads the whole file once.
   *
   * @param corpus the corpus or domain to which the tokens belong
   * @throws MixlawException (storage) if the file is truncated, damaged, or not a shard of this
   *     version
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
    return MixlawException.storage(
        "token shard " + path,
        reason,
        "a complete shard",
        "delete the file; it will be written again",
        cause);
  }

  private static ShardHeader check(MappedFile file) throws DamagedException {
    if (file.size() < ShardHeader.BYTES) {
      throw new DamagedException(
          "truncated: " + file.size() + " bytes; a header has " + ShardHeader.BYTES);
    }
    ShardHeader header = ShardHeader.of(ByteBuffer.wrap(file.bytes(0, ShardHeader.BYTES)));
    if (file.size() != header.fileBytes()) {
      String how = file.size() < header.fileBytes() ? "truncated: " : "too long: ";
      throw new DamagedException(how + file.size() + " bytes; expected " + header.fileBytes());
    }
    if (file.checksum(ShardHeader.BYTES) != header.checksum()) {
      throw new DamagedException("damaged: the checksum does not match");
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

  public Path path() {
    return path;
  }

  /** Returns whether the given tokenizer created the ids. */
  public boolean madeBy(Tokenizer tokenizer) {
    return header.tokenizer().equals(ShardHeader.hashOf(tokenizer));
  }

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
    long from = file().longAt(at);
    int[] ids = new int[Math.toIntExact(file().longAt(at + Long.BYTES) - from)];
    copy(from, ids, 0, ids.length);
    return ids;
  }

  @Override
  public int bytes(int document) {
    Objects.checkIndex(document, header.documents());
    return file().intAt(header.lengthsAt() + (long) document * Integer.BYTES);
  }

  /** Copies token ids of the concatenated documents, from the index {@code token} on. */
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
