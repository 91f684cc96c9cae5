package dev.mixlaw.mix.internal;

import dev.mixlaw.api.Document;
import java.nio.charset.StandardCharsets;

/** Hash of the names and texts of documents in their order, and their number and size. */
public final class TextFingerprint {
  private final Digest digest = new Digest();
  private long documents;
  private long bytes;

  /** Adds a document; returns the UTF-8 bytes of its text. */
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

  /** UTF-8 bytes of all texts. */
  public long bytes() {
    return bytes;
  }

  /** 64 hexadecimal digits; nothing can be added afterwards. */
  public String hex() {
    return digest.hex();
  }
}
