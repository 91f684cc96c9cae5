package dev.mixlaw.mix.generate.builtin;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Removes the reasoning that some servers leave in the answers of reasoning models. */
final class Reasoning {
  private static final String NAMES =
      "(?:think|thinking|thought|reasoning|reflection|scratchpad|seed:think)";

  /** Excludes tags in quotation marks or backticks, which are only mentioned in the text. */
  private static final String UNQUOTED = "(?i)(?<![`'\"“‘])(?:";

  private static final Pattern OPENING =
      Pattern.compile(
          (UNQUOTED + "<\\|?N\\|?>|\\[N\\]|◁N▷|<\\|(?:begin_of_thought|start_thinking)\\|>")
              .replace("N", NAMES)
              .concat("|<\\|channel>thought)"));
  private static final Pattern CLOSING =
      Pattern.compile(
          (UNQUOTED + "<\\|?/N\\|?>|\\[/N\\]|◁/N▷|<\\|(?:end_of_thought|end_thinking)\\|>")
              .replace("N", NAMES)
              .concat("|<channel\\|>)"));

  /**
   * Matches the format of gpt-oss, with or without its special tokens, which some servers remove.
   */
  private static final Pattern FINAL_CHANNEL =
      Pattern.compile("<\\|channel\\|>\\s*final[^<]{0,40}<\\|message\\|>|\\Aanalysis(?=\\S)");

  private static final String FINAL_WITHOUT_TOKENS = "assistantfinal";

  private Reasoning() {}

  /**
   * Returns the text without the reasoning, or empty if the reasoning does not end. Text before a
   * closing tag without an opening tag is also reasoning, because the prompt may have ended with
   * the opening tag.
   */
  static Optional<String> remove(String text) {
    String rest = text.strip();
    Matcher channel = FINAL_CHANNEL.matcher(rest);
    if (channel.find()) {
      int bare = rest.indexOf(FINAL_WITHOUT_TOKENS);
      if (channel.end() > "analysis".length()) {
        rest = rest.substring(channel.end());
      } else if (bare >= 0) {
        rest = rest.substring(bare + FINAL_WITHOUT_TOKENS.length());
      }
    } else if (rest.startsWith("<|channel|>")) {
      return Optional.empty();
    }
    Matcher opening = OPENING.matcher(rest);
    Matcher closing = CLOSING.matcher(rest);
    StringBuilder kept = new StringBuilder();
    int at = 0;
    while (true) {
      boolean opens = opening.find(at);
      boolean closes = closing.find(at);
      if (closes && (!opens || closing.start() < opening.start())) {
        kept.setLength(0);
        at = closing.end();
      } else if (!opens) {
        return Optional.of(kept.append(rest, at, rest.length()).toString().strip());
      } else if (closes) {
        kept.append(rest, at, opening.start());
        at = closing.end();
      } else {
        return Optional.empty();
      }
    }
  }
}
