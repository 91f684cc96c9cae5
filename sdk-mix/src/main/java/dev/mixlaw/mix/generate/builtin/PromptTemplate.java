package dev.mixlaw.mix.generate.builtin;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A prompt with placeholders such as <code>{text}</code>. Placeholders in inserted values are not
 * replaced. Braces around anything but lower-case letters have no special meaning, so a prompt may
 * contain JSON.
 */
record PromptTemplate(String text) {
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{([a-z]+)}");

  /**
   * Returns a template that must have exactly the given placeholders.
   *
   * @throws IllegalArgumentException if a placeholder is missing or unknown
   */
  static PromptTemplate of(String text, Set<String> placeholders) {
    Set<String> found = new TreeSet<>();
    PLACEHOLDER.matcher(text).results().forEach(m -> found.add(m.group(1)));
    if (!found.equals(placeholders)) {
      throw new IllegalArgumentException(
          "placeholders of the prompt: " + found + "; expected " + new TreeSet<>(placeholders));
    }
    return new PromptTemplate(text);
  }

  String fill(Map<String, String> values) {
    return PLACEHOLDER
        .matcher(text)
        .replaceAll(m -> Matcher.quoteReplacement(values.getOrDefault(m.group(1), m.group())));
  }
}
