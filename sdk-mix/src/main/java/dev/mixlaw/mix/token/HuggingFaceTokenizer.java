package dev.mixlaw.mix.token;

import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.spi.Tokenizer;
import dev.mixlaw.mix.internal.Digest;
import dev.mixlaw.mix.token.TokenizerJson.AddedToken;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A tokenizer for any {@code tokenizer.json}. Text is encoded by a {@link FastEncoder} if its ids
 * equal those of Hugging Face's library, and otherwise by that library through DJL.
 *
 * <p>The library would recognize special tokens anywhere in a text, but a document that mentions
 * {@code </s>} must not end there. The library therefore gets a file without special tokens and
 * without the end-of-text token. Other added tokens are recognized and keep their ids.
 *
 * <p>DJL's native interface is called directly, because DJL's public class sends usage data.
 */
final class HuggingFaceTokenizer implements Tokenizer {
  private final Path file;
  private final JsonNode root;
  private final int vocabulary;
  private final int endOfText;
  private final int beginOfText;

  /** Special tokens and the end-of-text token, by id, which are hidden from the library. */
  private final Map<Integer, String> hidden = new HashMap<>();

  private final String fingerprint;
  private final Optional<FastEncoder> fast;
  private volatile long handle;

  private HuggingFaceTokenizer(JsonNode root, Path file) {
    this.root = root;
    this.file = file;
    List<AddedToken> added = TokenizerJson.addedTokens(root, file);
    Map<String, Integer> ids = TokenizerJson.vocabulary(root, added, file);
    AddedToken end = TokenizerJson.endOfText(root, added, file);
    endOfText = end.id();
    hidden.put(end.id(), end.text());
    List<AddedToken> visible = new ArrayList<>();
    for (AddedToken token : added) {
      ids.put(token.text(), token.id());
      if (token.special() || token.id() == end.id()) {
        hidden.put(token.id(), token.text());
      } else {
        visible.add(token);
      }
    }
    vocabulary = ids.values().stream().mapToInt(id -> id).max().orElse(0) + 1;
    beginOfText =
        TokenizerJson.beginOfText(root, file)
            .map(text -> ids.getOrDefault(text, end.id()))
            .orElse(end.id());
    ObjectNode library =
        TokenizerJson.forLibrary(root, file, visible, Set.copyOf(hidden.values()), unknown(ids));
    // The end-of-text token is hashed separately, because another file may define it.
    fingerprint = new Digest().add("hugging face").add(library.toString()).add(endOfText).hex();
    fast = FastEncoder.of(root, visible, file);
    requireText(library);
    handle = TokenizersLibrary.LIB.createTokenizerFromString(library.toString());
  }

  /** Returns the token for unknown text if the model refers to it by its text. */
  private List<AddedToken> unknown(Map<String, Integer> ids) {
    JsonNode model = root.path("model");
    Integer id =
        model.path("unk_id").isInt()
            ? Integer.valueOf(model.path("unk_id").asInt())
            : ids.get(model.path("unk_token").asText(""));
    if (id == null) {
      return List.of();
    }
    if (id == endOfText && byteLevel(root)) {
      return List.of(); // there is no unknown text
    }
    if (id == endOfText) {
      throw TokenizerJson.unreadable(
          file, "its token for unknown text also ends documents: " + hidden.get(id), null);
    }
    return model.path("unk_id").isInt()
        ? List.of()
        : List.of(new AddedToken(model.path("unk_token").asText(), id, true));
  }

  /**
   * Throws an exception if the normalizer removes the whole text of an added token. The library
   * would recognize such a token everywhere, even within a character, and would crash the JVM.
   */
  private void requireText(ObjectNode library) {
    List<String> normalized = new ArrayList<>();
    for (JsonNode token : library.path("added_tokens")) {
      if (token.path("normalized").asBoolean()) {
        normalized.add(token.path("content").asText());
      }
    }
    if (normalized.isEmpty() || !library.path("normalizer").isObject()) {
      return;
    }
    ObjectNode bare = library.deepCopy();
    bare.putArray("added_tokens");
    bare.putNull("pre_tokenizer").putNull("decoder");
    ObjectNode model = bare.putObject("model").put("type", "WordLevel").put("unk_token", "a");
    model.putObject("vocab").put("a", 0);
    handle = TokenizersLibrary.LIB.createTokenizerFromString(bare.toString());
    try {
      for (String text : normalized) {
        if (encodeWithLibrary(text).length == 0) {
          throw TokenizerJson.unreadable(
              file, "its normalizer leaves nothing of the added token \"" + text + "\"", null);
        }
      }
    } finally {
      close();
    }
  }

  static Tokenizer open(JsonNode root, Path file) {
    loadNatives();
    try {
      return new HuggingFaceTokenizer(root, file);
    } catch (MixlawException e) {
      throw e;
    } catch (RuntimeException e) { // the native library throws RuntimeException
      throw TokenizerJson.unreadable(file, String.valueOf(e.getMessage()), e);
    }
  }

  /** Loads the native library for CPUs, because by default DJL may download one for CUDA. */
  static void loadNatives() {
    String flavour = "RUST_FLAVOR";
    boolean stated = System.getProperty(flavour) != null || System.getenv(flavour) != null;
    if (!stated) {
      System.setProperty(flavour, "cpu");
    }
    try {
      LibUtils.checkStatus();
    } catch (NoClassDefFoundError e) {
      throw e; // the artifact is missing: the caller reports it
    } catch (RuntimeException | LinkageError e) {
      throw MixlawException.data(
          "Hugging Face's tokenizers",
          "the native library cannot be loaded: " + e,
          "a platform supported by ai.djl.huggingface:tokenizers, and a writable home directory or DJL_CACHE_DIR",
          "set DJL_CACHE_DIR or use TokenizerSpec.trainedBpe",
          e);
    } finally {
      if (!stated) {
        System.clearProperty(flavour);
      }
    }
  }

  private static boolean byteLevel(JsonNode root) {
    JsonNode cutter = root.path("pre_tokenizer");
    return cutter.findValuesAsText("type").contains("ByteLevel");
  }

  private long open() {
    long open = handle;
    if (open == 0) {
      throw new IllegalStateException("tokenizer " + file + " is closed");
    }
    return open;
  }

  @Override
  public String name() {
    Path last = file.toAbsolutePath().getParent().getFileName();
    return last == null ? "hugging-face" : last.toString();
  }

  @Override
  public int vocabulary() {
    return vocabulary;
  }

  @Override
  public int endOfText() {
    return endOfText;
  }

  @Override
  public int beginOfText() {
    return beginOfText;
  }

  @Override
  public int[] encode(String text) {
    open();
    return fast.map(encoder -> encoder.encode(text)).orElseGet(() -> encodeWithLibrary(text));
  }

  /** Returns whether a {@link FastEncoder} encodes text. */
  boolean isFast() {
    return fast.isPresent();
  }

  int[] encodeWithLibrary(String text) {
    TokenizersLibrary library = TokenizersLibrary.LIB;
    long encoding;
    try {
      encoding = library.encode(open(), text, false);
    } catch (IllegalStateException e) {
      throw e;
    } catch (RuntimeException e) { // such as unknown text without a token for it
      throw TokenizerJson.unreadable(file, "cannot encode the text: " + e.getMessage(), e);
    }
    try {
      return Arrays.stream(library.getTokenIds(encoding)).mapToInt(Math::toIntExact).toArray();
    } finally {
      library.deleteEncoding(encoding);
    }
  }

  @Override
  public String decode(int[] ids) {
    for (int id : ids) {
      if (id < 0 || id >= vocabulary) {
        throw new IllegalArgumentException(
            "token id " + id + " given; expected in [0, " + vocabulary + ")");
      }
    }
    StringBuilder text = new StringBuilder();
    int from = 0;
    for (int to = 0; to <= ids.length; to++) {
      if (to == ids.length || hidden.containsKey(ids[to])) {
        if (to > from) {
          long[] ordinary = Arrays.stream(ids, from, to).asLongStream().toArray();
          text.append(TokenizersLibrary.LIB.decode(open(), ordinary, false));
        }
        if (to < ids.length) {
          text.append(hidden.get(ids[to]));
        }
        from = to + 1;
      }
    }
    return text.toString();
  }

  @Override
  public String fingerprint() {
    return fingerprint;
  }

  /**
   * {@inheritDoc}
   *
   * <p>The saved file adds no special tokens to text, because a model's training text has none. A
   * {@code tokenizer_config.json} next to the file names the end-of-text token.
   */
  @Override
  public boolean save(Path tokenizerJson) {
    TokenizerJson.write(TokenizerJson.withoutProcessing(root), tokenizerJson);
    TokenizerJson.writeConfig(tokenizerJson, hidden.get(endOfText));
    return true;
  }

  @Override
  public synchronized void close() {
    if (handle != 0) {
      TokenizersLibrary.LIB.deleteTokenizer(handle);
      handle = 0;
    }
  }
}
