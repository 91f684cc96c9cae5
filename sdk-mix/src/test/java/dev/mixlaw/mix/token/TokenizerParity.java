package dev.mixlaw.mix.token;

import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixlaw.api.TokenizerSpec;
import dev.mixlaw.api.spi.Tokenizer;
import dev.mixlaw.mix.Script;
import dev.mixlaw.mix.Shared;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Compares the ids of published tokenizers with those of Hugging Face's library on 10 MB of text,
 * code and made-up text in ten languages. Half of the texts contain the tokenizer's added tokens.
 * Arguments: a directory of text, and any number of {@code tokenizer.json} files.
 *
 * <p>For text without added tokens, the library reads the file as it is. For text with added
 * tokens, the special ones are removed from the file, because Mixlaw encodes their text as ordinary
 * text. The library then assigns new ids to the other added tokens; the original ids are looked up
 * in the file.
 */
public final class TokenizerParity {
  private static final int BYTES = 10_000_000;
  private static final int DOCUMENT = 3000;

  private TokenizerParity() {}

  /** Prints the number of texts with different ids, and the beginning of the first difference. */
  public static void main(String[] arguments) throws IOException {
    List<String> real = new ArrayList<>();
    for (Path file : Shared.files(Path.of(arguments[0]))) {
      real.addAll(Shared.texts(file));
    }
    HuggingFaceTokenizer.loadNatives();
    for (int i = 1; i < arguments.length; i++) {
      compare(Path.of(arguments[i]), real);
    }
  }

  private static void compare(Path file, List<String> real) throws IOException {
    JsonNode root = TokenizerJson.read(file);
    List<String> added = new ArrayList<>();
    Map<String, Long> ids = new HashMap<>();
    for (JsonNode token : root.path("added_tokens")) {
      added.add(token.path("content").asText());
      ids.put(token.path("content").asText(), token.path("id").asLong());
    }
    TokenizersLibrary library = TokenizersLibrary.LIB;
    long asItIs =
        library.createTokenizerFromString(TokenizerJson.withoutProcessing(root).toString());
    long withoutSpecial = library.createTokenizerFromString(withoutSpecial(root).toString());
    SplittableRandom random = new SplittableRandom(11);
    long bytes = 0;
    int texts = 0;
    int mentions = 0;
    List<String> different = new ArrayList<>();
    try (Tokenizer tokenizer = Tokenizers.open(TokenizerSpec.huggingFace(file))) {
      while (bytes < BYTES) {
        boolean plain = texts % 2 == 0;
        String text = text(random, real);
        if (plain && added.stream().anyMatch(text::contains)) {
          continue;
        }
        int before = text.length();
        text = plain ? text : mentioning(random, text, added);
        mentions += text.length() > before ? 1 : 0;
        long[] expected = encode(library, plain ? asItIs : withoutSpecial, text, ids);
        long[] actual = Arrays.stream(tokenizer.encode(text)).asLongStream().toArray();
        int at = Arrays.mismatch(expected, actual);
        if (at >= 0) {
          different.add(difference(tokenizer, expected, actual, at));
        }
        bytes += text.getBytes(StandardCharsets.UTF_8).length;
        texts++;
      }
      System.out.printf(
          Locale.ROOT,
          "%s: %s, %d ids, %.1f MB in %d texts, %d with added tokens: %d with different ids%n",
          file.toAbsolutePath().getParent().getFileName(),
          tokenizer instanceof HuggingFaceTokenizer t && !t.isFast() ? "library" : "own encoder",
          tokenizer.vocabulary(),
          bytes / 1e6,
          texts,
          mentions,
          different.size());
      different.stream().limit(3).forEach(System.out::println);
    } finally {
      library.deleteTokenizer(asItIs);
      library.deleteTokenizer(withoutSpecial);
    }
  }

  private static String difference(Tokenizer tokenizer, long[] expected, long[] actual, int at) {
    int from = Math.max(0, at - 3);
    int[] before = Arrays.stream(actual, from, at).mapToInt(Math::toIntExact).toArray();
    return String.format(
        "  after \"%s\": expected %s, actual %s",
        tokenizer.decode(before),
        Arrays.toString(Arrays.copyOfRange(expected, at, Math.min(expected.length, at + 6))),
        Arrays.toString(Arrays.copyOfRange(actual, at, Math.min(actual.length, at + 6))));
  }

  private static ObjectNode withoutSpecial(JsonNode root) {
    ObjectNode copy = TokenizerJson.withoutProcessing(root);
    for (Iterator<JsonNode> it = copy.withArray("added_tokens").iterator(); it.hasNext(); ) {
      if (it.next().path("special").asBoolean()) {
        it.remove();
      }
    }
    return copy;
  }

  private static long[] encode(
      TokenizersLibrary library, long tokenizer, String text, Map<String, Long> added) {
    long encoding = library.encode(tokenizer, text, false);
    try {
      long[] ids = library.getTokenIds(encoding);
      String[] tokens = library.getTokens(encoding);
      for (int i = 0; i < ids.length; i++) {
        ids[i] = added.getOrDefault(tokens[i], ids[i]);
      }
      return ids;
    } finally {
      library.deleteEncoding(encoding);
    }
  }

  /**
   * Returns real text or code in a third of the cases, otherwise made-up text in one of ten
   * scripts, which may contain difficult passages.
   */
  private static String text(SplittableRandom random, List<String> real) {
    if (random.nextInt(3) == 0) {
      String text = real.get(random.nextInt(real.size()));
      int end = Math.min(text.length(), DOCUMENT);
      boolean cutsCharacter = end > 0 && Character.isHighSurrogate(text.charAt(end - 1));
      return text.substring(0, cutsCharacter ? end - 1 : end);
    }
    Script script = Script.values()[random.nextInt(Script.values().length)];
    StringBuilder text = new StringBuilder();
    while (text.length() < DOCUMENT / 2) {
      text.append(script.text(random, script.words(random, random.nextInt(5, 120))));
      text.append(random.nextInt(3) == 0 ? "\n" : Texts.patchwork(random, random.nextInt(8)));
      if (random.nextInt(20) == 0) {
        text.append(Texts.anyCodePoints(random, 40));
      }
      if (random.nextInt(40) == 0) {
        text.append(Texts.HARD.get(random.nextInt(Texts.HARD.size())));
      }
    }
    return text.toString();
  }

  private static String mentioning(SplittableRandom random, String text, List<String> added) {
    StringBuilder changed = new StringBuilder();
    int from = 0;
    while (from < text.length() && !added.isEmpty()) {
      int to = Math.min(text.length(), from + random.nextInt(400));
      if (to < text.length() && Character.isLowSurrogate(text.charAt(to))) {
        to++;
      }
      changed.append(text, from, to).append(added.get(random.nextInt(added.size())));
      from = to;
    }
    return changed.append(text, from, text.length()).toString();
  }
}
