package dev.mixlaw.mix.token;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.mix.token.TokenizerJson.AddedToken;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Encodes text for byte-level vocabularies, such as those of Llama 3, Qwen and OLMo 2, with the ids
 * of Hugging Face's library. Added tokens are found first, where the leftmost and then the longest
 * token takes precedence. If the file requires it, the text between added tokens is then normalized
 * to NFC.
 */
final class FastEncoder {
  private final BytePairTokenizer model;
  private final boolean composed;
  private final Map<String, Integer> added = new HashMap<>();
  private final Optional<Pattern> addedPattern;

  private FastEncoder(BytePairTokenizer model, boolean composed, List<AddedToken> visible) {
    this.model = model;
    this.composed = composed;
    visible.forEach(token -> added.put(token.text(), token.id()));
    addedPattern = added.isEmpty() ? Optional.empty() : Optional.of(pattern(added.keySet()));
  }

  /** Returns a pattern that matches the longest token at a position. */
  private static Pattern pattern(Set<String> tokens) {
    String first =
        tokens.stream()
            .map(t -> Pattern.quote(t.substring(0, t.offsetByCodePoints(0, 1))))
            .collect(Collectors.joining());
    String alternatives =
        tokens.stream()
            .sorted(Comparator.comparingInt(String::length).reversed())
            .map(Pattern::quote)
            .collect(Collectors.joining("|"));
    return Pattern.compile("(?=[" + first + "])(?:" + alternatives + ")");
  }

  /**
   * Returns an encoder, or empty if only the library can encode text for this file.
   *
   * @param visible added tokens that are recognized in text
   */
  static Optional<FastEncoder> of(JsonNode root, List<AddedToken> visible, Path file) {
    JsonNode normalizer = root.path("normalizer");
    boolean composed = normalizer.path("type").asText().equals("NFC");
    if (!(composed || normalizer.isNull() || normalizer.isMissingNode())) {
      return Optional.empty();
    }
    for (JsonNode token : root.path("added_tokens")) {
      boolean plain =
          !token.path("lstrip").asBoolean()
              && !token.path("rstrip").asBoolean()
              && !token.path("single_word").asBoolean()
              && !(composed && token.path("normalized").asBoolean());
      if (!plain && !token.path("special").asBoolean()) {
        return Optional.empty();
      }
    }
    try {
      return TokenizerJson.encoder(root, visible, file)
          .map(model -> new FastEncoder(model, composed, visible));
    } catch (MixlawException vocabularyWithoutSomeBytes) {
      return Optional.empty();
    }
  }

  int[] encode(String text) {
    if (addedPattern.isEmpty()) {
      return model.encode(normalized(text));
    }
    IntList ids = new IntList(text.length() / 3);
    int from = 0;
    for (Matcher found = addedPattern.get().matcher(text); found.find(); from = found.end()) {
      ids.addAll(model.encode(normalized(text.substring(from, found.start()))));
      ids.add(added.get(found.group()));
    }
    ids.addAll(model.encode(normalized(text.substring(from))));
    return ids.toArray();
  }

  private String normalized(String text) {
    // All characters below U+0300 are composed.
    return !composed || text.chars().allMatch(c -> c < 0x300)
        ? text
        : Normalizer.normalize(text, Normalizer.Form.NFC);
  }
}
