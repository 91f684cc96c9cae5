package dev.mixlaw.mix.token;

import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.spi.Tokenizer;
import dev.mixlaw.mix.internal.Digest;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Any {@code tokenizer.json}, read by Hugging Face's own library through DJL.
 *
 * <p>The library recognises special tokens anywhere in a text, but a document that mentions {@code
 * </s>} must not end there. So the library gets the file without its special tokens, whose ids stay
 * unused.
 *
 * <p>DJL's native interface is called directly, because its public class sends usage data.
 */
final class HuggingFaceTokenizer implements Tokenizer {
  private final Path file;
  private final JsonNode root;
  private final int vocabulary;
  private final int endOfText;
  private final Map<Integer, String> specials = new HashMap<>();
  private final String fingerprint;
  private volatile long handle;

  private HuggingFaceTokenizer(JsonNode root, Path file) {
    this.root = root;
    this.file = file;
    endOfText = TokenizerJson.endOfText(root, file);
    TokenizerJson.specialTokens(root).forEach((text, id) -> specials.put(id, text));
    vocabulary = largestId(root) + 1;
    fingerprint = new Digest().add("hugging face").add(root.toString()).hex();
    handle = TokenizersLibrary.LIB.createTokenizerFromString(withoutSpecials(root).toString());
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

  /** Loads the native library for CPUs. Without a given flavour DJL may download one for CUDA. */
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
      throw new MixlawException(
          MixlawException.Kind.DATA,
          new Problem(
              "Hugging Face's tokenizers",
              "the native library cannot be loaded: " + e,
              "a platform that ai.djl.huggingface:tokenizers supports, and a writable home directory"
                  + " or DJL_CACHE_DIR",
              "set DJL_CACHE_DIR or use TokenizerSpec.trainedBpe"),
          e);
    } finally {
      if (!stated) {
        System.clearProperty(flavour);
      }
    }
  }

  private static int largestId(JsonNode root) {
    JsonNode pieces = root.path("model").path("vocab");
    int largest = pieces.isArray() ? pieces.size() - 1 : -1;
    if (pieces.isObject()) {
      for (JsonNode id : pieces) {
        largest = Math.max(largest, id.asInt());
      }
    }
    for (JsonNode token : root.path("added_tokens")) {
      largest = Math.max(largest, token.path("id").asInt());
    }
    return largest;
  }

  private static ObjectNode withoutSpecials(JsonNode root) {
    ObjectNode copy = root.deepCopy();
    copy.putNull("truncation").putNull("padding").putNull("post_processor");
    ArrayNode kept = copy.putArray("added_tokens");
    for (JsonNode token : root.path("added_tokens")) {
      if (!token.path("special").asBoolean()) {
        kept.add(token);
      }
    }
    hideFromUnigram(copy, TokenizerJson.specialTokens(root));
    return copy;
  }

  /** Renames the special tokens in a Unigram vocabulary, whose pieces could spell them in text. */
  private static void hideFromUnigram(ObjectNode root, Map<String, Integer> specials) {
    JsonNode model = root.path("model");
    JsonNode pieces = model.path("vocab");
    int unknown = model.path("unk_id").asInt(-1);
    if (pieces.isArray()) {
      for (int id = 0; id < pieces.size(); id++) {
        if (id != unknown && specials.containsKey(pieces.get(id).path(0).asText())) {
          // A noncharacter, which does not occur in text (Unicode, section 23.7).
          ((ArrayNode) pieces.get(id)).set(0, "\uFDD0" + id);
        }
      }
    }
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
  public int[] encode(String text) {
    TokenizersLibrary library = TokenizersLibrary.LIB;
    long encoding = library.encode(open(), text, false);
    try {
      return Arrays.stream(library.getTokenIds(encoding)).mapToInt(Math::toIntExact).toArray();
    } finally {
      library.deleteEncoding(encoding);
    }
  }

  @Override
  public String decode(int[] ids) {
    StringBuilder text = new StringBuilder();
    int from = 0;
    for (int to = 0; to <= ids.length; to++) {
      if (to == ids.length || specials.containsKey(ids[to])) {
        if (to > from) {
          long[] ordinary = Arrays.stream(ids, from, to).asLongStream().toArray();
          text.append(TokenizersLibrary.LIB.decode(open(), ordinary, false));
        }
        if (to < ids.length) {
          text.append(specials.get(ids[to]));
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

  @Override
  public boolean save(Path tokenizerJson) {
    TokenizerJson.write(root, tokenizerJson);
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
