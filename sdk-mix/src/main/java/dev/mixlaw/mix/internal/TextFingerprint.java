package dev.mixlaw.mix.internal;

import dev.mixlaw.api.Document;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A hash of the ids and texts of a sequence of documents. The documents are also counted. */
public final class TextFingerprint {
  private final Digest digest = new Digest();
  private long documents;
  private long bytes;

  /** Adds a document and returns the size of its text in UTF-8 bytes. */
  public int add(Document document) {
    byte[] utf8 = document.text().getBytes(StandardCharsets.UTF_8);
    digest.add(document.id()).add(utf8);
    documents++;
    bytes += utf8.length;
    return utf8.length;
  }

  public long documents() {
    return documents;
  }

  public long bytes() {
    return bytes;
  }

  /**
   * Returns the hash of a text in parts, such as files.
   *
   * @param parts the hash of each part, in order; the hash of a single part is that of the text
   */
  public static String of(List<String> parts) {
    Digest digest = new Digest();
    parts.forEach(digest::add);
    return parts.size() == 1 ? parts.get(0) : digest.hex();
  }

  /** Returns the hash as 64 hexadecimal digits. Call this method once, after the last document. */
  public String hex() {
    return digest.hex();
  }
}
