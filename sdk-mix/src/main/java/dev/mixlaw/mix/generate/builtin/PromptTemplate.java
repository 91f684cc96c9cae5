package dev.mixlaw.mix.generate.builtin;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A prompt with placeholders such as <code>{text}</code>. What is filled in is never read as a
 * placeholder itself, and braces around anything but lower-case letters are left alone, so JSON may
 * stand in a prompt.
 *
 * @param text with placeholders
 */
record PromptTemplate(String text) {
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{([a-z]+)}");

  /**
   * A template with exactly these placeholders.
   *
   * @throws IllegalArgumentException if one is missing or another is there
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

  /** The prompt with values in the places of their names. */
  String fill(Map<String, String> values) {
    return PLACEHOLDER
        .matcher(text)
        .replaceAll(m -> Matcher.quoteReplacement(values.getOrDefault(m.group(1), m.group())));
  }
}
