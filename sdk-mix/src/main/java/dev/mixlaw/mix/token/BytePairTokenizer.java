package dev.mixlaw.mix.token;

import dev.mixlaw.api.spi.Tokenizer;
import dev.mixlaw.mix.internal.Digest;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/**
 * A byte-level byte-pair encoding. Any text can be encoded, and decoding returns the same text.
 *
 * <p>{@link Pretokenizer} splits text into pieces, and {@link MergeRules} merges the UTF-8 bytes of
 * each piece. The ids equal those of Hugging Face's library for the file that {@link #save} writes.
 * The end-of-text token is never recognized in text. An unpaired surrogate is encoded as a question
 * mark.
 */
final class BytePairTokenizer implements Tokenizer {
  private final byte[][] tokens;
  private final int[] byteIds = new int[256];
  private final MergeRules merges;
  private final Pretokenizer.Rules rules;

  /**
   * The ids of pieces that are encoded as one token without merging; empty unless the file sets
   * {@code ignore_merges}. Keys are bytes as ISO 8859-1 characters.
   */
  private final Map<String, Integer> whole;

  private final int endOfText;
  private final String fingerprint;
  private final WordCache cache = new WordCache();

  /**
   * Creates a tokenizer.
   *
   * @param tokens bytes of each token, by id; empty for unused ids; every single byte must be a
   *     token
   */
  BytePairTokenizer(byte[][] tokens, MergeRules merges, int endOfText) {
    this(tokens, merges, endOfText, Pretokenizer.Rules.GPT2, Map.of());
  }

  BytePairTokenizer(
      byte[][] tokens,
      MergeRules merges,
      int endOfText,
      Pretokenizer.Rules rules,
      Map<String, Integer> whole) {
    this.tokens = tokens;
    this.merges = merges;
    this.rules = rules;
    this.whole = whole;
    this.endOfText = endOfText;
    Arrays.fill(byteIds, -1);
    for (int id = 0; id < tokens.length; id++) {
      if (tokens[id].length == 1 && id != endOfText) {
        byteIds[tokens[id][0] & 0xFF] = id;
      }
    }
    for (int b = 0; b < 256; b++) {
      if (byteIds[b] < 0) {
        throw new IllegalArgumentException("the vocabulary has no token for byte " + b);
      }
    }
    fingerprint = fingerprintOf();
  }

  private String fingerprintOf() {
    Digest digest = new Digest().add("byte-level bpe").add(rules.regex).add(endOfText);
    digest.add(tokens.length);
    for (byte[] token : tokens) {
      digest.add(token);
    }
    for (int rank = 0; rank < merges.size(); rank++) {
      digest.add(merges.left(rank)).add(merges.right(rank)).add(merges.merged(rank));
    }
    return digest.hex();
  }

  @Override
  public String name() {
    return "bpe-" + tokens.length;
  }

  @Override
  public int vocabulary() {
    return tokens.length;
  }

  @Override
  public int endOfText() {
    return endOfText;
  }

  @Override
  public String fingerprint() {
    return fingerprint;
  }

  byte[] bytes(int id) {
    return tokens[id];
  }

  MergeRules merges() {
    return merges;
  }

  @Override
  public int[] encode(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    IntList ids = new IntList(utf8.length / 3);
    Pretokenizer pieces = new Pretokenizer(utf8, rules);
    while (pieces.next()) {
      ids.addAll(encode(utf8, pieces.start(), pieces.end()));
    }
    return ids.toArray();
  }

  private int[] encode(byte[] text, int from, int to) {
    int length = to - from;
    if (length > WordCache.LONGEST) {
      return merge(text, from, to);
    }
    int hash = WordCache.hash(text, from, to);
    int[] ids = cache.get(hash, text, from, to);
    if (ids == null) {
      ids = merge(text, from, to);
      cache.put(hash, text, from, to, ids);
    }
    return ids;
  }

  private int[] merge(byte[] text, int from, int to) {
    int length = to - from;
    Integer token =
        whole.isEmpty()
            ? null
            : whole.get(new String(text, from, length, StandardCharsets.ISO_8859_1));
    if (token != null) {
      return new int[] {token};
    }
    int[] ids = new int[length];
    for (int i = 0; i < length; i++) {
      ids[i] = byteIds[text[from + i] & 0xFF];
    }
    return Arrays.copyOf(ids, merges.apply(ids, length));
  }

  @Override
  public String decode(int[] ids) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(4 * ids.length);
    for (int id : ids) {
      if (id < 0 || id >= tokens.length) {
        throw new IllegalArgumentException(
            "token id " + id + " given; expected in [0, " + tokens.length + ")");
      }
      bytes.writeBytes(tokens[id]);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Override
  public boolean save(Path tokenizerJson) {
    TokenizerJson.writeBytePair(this, tokenizerJson);
    return true;
  }

  @Override
  public String toString() {
    return name();
  }
}
