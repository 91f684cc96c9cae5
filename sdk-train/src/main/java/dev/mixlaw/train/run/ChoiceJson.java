package dev.mixlaw.train.run;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import dev.mixlaw.api.results.ChoiceAccuracy;
import dev.mixlaw.api.results.ChoiceAccuracy.Answered;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Answers to tests of multiple choice in {@code losses.json}: 1 and 0 a question. */
final class ChoiceJson {
  private ChoiceJson() {}

  /** Writes nothing where there were no tests. */
  static void write(JsonGenerator g, List<ChoiceAccuracy> choices) throws IOException {
    if (choices.isEmpty()) {
      return;
    }
    g.writeArrayFieldStart("choices");
    for (ChoiceAccuracy c : choices) {
      g.writeStartObject();
      g.writeStringField("test", c.test());
      g.writeNumberField("chance", c.chance());
      RunResultJson.estimate(g, "acc", c.plain());
      RunResultJson.estimate(g, "acc_norm", c.byBytes());
      RunResultJson.estimate(g, "acc_tokens", c.byTokens());
      g.writeNumberField("cut", c.cut());
      g.writeStringField("right", digits(c, Answered::plain));
      g.writeStringField("right_norm", digits(c, Answered::byBytes));
      g.writeStringField("right_tokens", digits(c, Answered::byTokens));
      g.writeEndObject();
    }
    g.writeEndArray();
  }

  private static String digits(ChoiceAccuracy choices, Predicate<Answered> right) {
    return choices.answers().stream()
        .map(a -> right.test(a) ? "1" : "0")
        .collect(Collectors.joining());
  }

  static List<ChoiceAccuracy> read(JsonNode losses) throws IOException {
    List<ChoiceAccuracy> choices = new ArrayList<>();
    for (JsonNode n : losses.path("choices")) {
      String plain = RunResultJson.text(n, "right");
      String byBytes = RunResultJson.text(n, "right_norm");
      String byTokens = RunResultJson.text(n, "right_tokens");
      if (byBytes.length() != plain.length() || byTokens.length() != plain.length()) {
        throw new IOException("answers of " + n.get("test") + " are not of the same questions");
      }
      List<Answered> answers = new ArrayList<>(plain.length());
      for (int i = 0; i < plain.length(); i++) {
        answers.add(
            new Answered(
                plain.charAt(i) == '1', byBytes.charAt(i) == '1', byTokens.charAt(i) == '1'));
      }
      choices.add(
          new ChoiceAccuracy(
              RunResultJson.text(n, "test"),
              RunResultJson.number(n, "chance").doubleValue(),
              answers,
              RunResultJson.estimate(n, "acc"),
              RunResultJson.estimate(n, "acc_norm"),
              RunResultJson.estimate(n, "acc_tokens"),
              RunResultJson.number(n, "cut").intValue()));
    }
    return choices;
  }
}
