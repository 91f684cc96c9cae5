package dev.mixlaw.mix.generate.builtin;

import dev.mixlaw.mix.generate.spi.Draft;
import dev.mixlaw.mix.generate.spi.DraftFilter;
import dev.mixlaw.mix.generate.spi.DraftSession;
import dev.mixlaw.mix.generate.spi.Verdict;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Removes lead-ins, closing offers, code fences and reasoning from drafts. */
record LeadInFilter() implements DraftFilter {
  /** Tags around reasoning. The servers of many models leave out the opening one. */
  private static final Pattern TAG =
      Pattern.compile(
          "[<◁](?<slash>/?)(?:seed:)?(?:think(?:ing)?|thoughts?|reasoning|reflection|analysis"
              + "|scratchpad)[>▷]|\\[(?<bracket>/?)(?:think(?:ing)?|reasoning)]"
              + "|<\\|(?<word>begin|end)_of_thought\\|>",
          Pattern.CASE_INSENSITIVE);

  /** Where the answer begins in the channels of gpt-oss, with and without special tokens. */
  private static final Pattern FINAL_CHANNEL =
      Pattern.compile("<\\|channel\\|>final[^<]{0,40}<\\|message\\|>|assistantfinal");

  private static final Pattern OTHER_CHANNEL =
      Pattern.compile("\\A\\s*(?:<\\|start\\|>assistant)?(?:<\\|channel\\|>\\w+|analysis(?=[A-Z]))");
  private static final Pattern END_OF_CHANNEL = Pattern.compile("<\\|(?:return|end|call)\\|>");
  private static final Pattern FENCE = Pattern.compile("[a-z]*\\s*\\n");
  private static final List<Pattern> OPENINGS = PhrasePatterns.read("openings.txt");
  private static final List<Pattern> CLOSINGS = PhrasePatterns.read("closings.txt");

  @Override
  public String name() {
    return "lead-ins";
  }

  @Override
  public String description() {
    return "takes off reasoning in tags and channels, fences, lead-ins and closing offers (English)";
  }

  @Override
  public Verdict judge(Draft draft, DraftSession session) {
    Optional<String> answer = withoutReasoning(channel(draft.text()));
    if (answer.isEmpty()) {
      return Verdict.refused("reasoning without an end");
    }
    String text = answer.get();
    // A later pattern may match what an earlier one exposes: "Sure!", then "Here is the text:".
    for (Pattern opening : OPENINGS) {
      text = opening.matcher(text).replaceFirst("").strip();
    }
    for (Pattern closing : CLOSINGS) {
      text = closing.matcher(text).replaceFirst("").strip();
    }
    return Verdict.kept(withoutFence(text));
  }

  /** Returns the final channel of an answer. Other channels become reasoning without an end. */
  private static String channel(String text) {
    if (!OTHER_CHANNEL.matcher(text).find()) {
      return text;
    }
    Matcher last = FINAL_CHANNEL.matcher(text);
    int start = -1;
    while (last.find()) {
      start = last.end();
    }
    return start < 0 ? "<think>" : END_OF_CHANNEL.split(text.substring(start), 2)[0];
  }

  /** Returns the text outside of reasoning; empty if the reasoning does not end. */
  private static Optional<String> withoutReasoning(String text) {
    StringBuilder answer = new StringBuilder();
    Matcher tag = TAG.matcher(text);
    boolean reasoning = false;
    int from = 0;
    while (tag.find()) {
      boolean closing =
          "/".equals(tag.group("slash"))
              || "/".equals(tag.group("bracket"))
              || "end".equalsIgnoreCase(tag.group("word"));
      if (closing && !reasoning) {
        answer.setLength(0); // the opening tag was in the prompt
      } else if (!closing && !reasoning) {
        answer.append(text, from, tag.start());
      }
      reasoning = !closing;
      from = tag.end();
    }
    return reasoning
        ? Optional.empty()
        : Optional.of(answer.append(text, from, text.length()).toString().strip());
  }

  /** Removes a code fence around the whole text. */
  private static String withoutFence(String text) {
    String fence = "```";
    if (text.length() < 2 * fence.length() || !text.startsWith(fence) || !text.endsWith(fence)) {
      return text;
    }
    String inside = text.substring(fence.length(), text.length() - fence.length());
    Matcher line = FENCE.matcher(inside);
    return line.lookingAt() && inside.endsWith("\n") && !inside.contains(fence)
        ? inside.substring(line.end()).strip()
        : text;
  }
}
