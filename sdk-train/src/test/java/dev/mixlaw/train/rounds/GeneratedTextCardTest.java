package dev.mixlaw.train.rounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.TextDiversity;
import dev.mixlaw.api.results.TextDiversity.Measure;
import dev.mixlaw.api.rounds.RoundKey;
import dev.mixlaw.api.rounds.Strategy;
import dev.mixlaw.api.rounds.Writing;
import dev.mixlaw.api.rounds.WrittenText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class GeneratedTextCardTest {
  private static final RoundKey KEY = RoundKey.of(Strategy.REPLACE, 1, 0);
  private static final Path FILE = Path.of("text.jsonl");
  private static final Writing WRITING = Writing.fromPrefixes(4).temperature(0.8);

  @Test
  void aDataCardIsReadAsWritten() throws IOException {
    WrittenText text = text(Answer.known(diversity()));

    GeneratedTextCard card =
        GeneratedTextCard.read(GeneratedTextCard.of("id", "hash", text).json());

    assertThat(card.identity()).isEqualTo("id");
    assertThat(card.sha256()).isEqualTo("hash");
    assertThat(card.writtenText(KEY, FILE, WRITING)).isEqualTo(text);
  }

  @Test
  void aRefusalIsReadAsWritten() throws IOException {
    WrittenText text = text(Answer.refused("diversity", "too short", "more text"));

    GeneratedTextCard card =
        GeneratedTextCard.read(GeneratedTextCard.of("id", "hash", text).json());

    assertThat(card.writtenText(KEY, FILE, WRITING)).isEqualTo(text);
  }

  @Test
  void theKeysAndNumbersOfADataCardDoNotChange() throws IOException {
    String known = json(text(Answer.known(diversity())));
    String refused = json(text(Answer.refused("diversity", "too short", "more text")));

    String begins =
        """
        {
          "format" : 2,
          "identity" : "id",
          "text" : "%s, written by the model of %s",
          "generator" : "run",
          "prompt_tokens" : 4,
          "temperature" : 0.8,
          "top_p" : %s,
          "writing" : "%s",
          "documents" : 10,
          "dropped_without_a_word" : 1,
          "tokens" : 2000,
          "flops" : 1.0E12,
          "seconds" : 0.5,
          "sha256" : "hash",
        """
            .formatted(KEY.label(), KEY, WRITING.topP(), WRITING);
    String figures =
        Arrays.stream(Measure.values())
            .map(
                m ->
                    """
                        "%s" : {
                          "value" : 0.3333333333333333,
                          "low" : 0.1,
                          "high" : 0.5
                        }"""
                        .formatted(m.name().toLowerCase(java.util.Locale.ROOT))
                        .indent(4)
                        .stripTrailing())
            .collect(Collectors.joining(",\n"));
    assertThat(known)
        .isEqualTo(
            begins
                + "  \"diversity\" : {\n    \"documents\" : 7,\n    \"words\" : 99,\n"
                + figures
                + "\n  }\n}\n");
    assertThat(refused)
        .isEqualTo(
            begins
                + """
                  "diversity_refused" : {
                    "question" : "diversity",
                    "reason" : "too short",
                    "remedy" : "more text"
                  }
                """
                    .indent(0)
                + "}\n");
  }

  @Test
  void aDataCardWithoutAMeasureIsRefused() throws IOException {
    String json = json(text(Answer.known(diversity())));
    GeneratedTextCard card =
        GeneratedTextCard.read(json.replace("tail_mass", "mass").getBytes(StandardCharsets.UTF_8));

    assertThatThrownBy(() -> card.writtenText(KEY, FILE, WRITING)).hasMessage("no tail_mass");
    assertThatThrownBy(
            () ->
                GeneratedTextCard.read(
                    json.replace("\"tokens\" : 2000,", "").getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("tokens");
  }

  private static String json(WrittenText text) throws IOException {
    return new String(GeneratedTextCard.of("id", "hash", text).json(), StandardCharsets.UTF_8);
  }

  private static TextDiversity diversity() {
    Estimate estimate = Estimate.of(1 / 3.0, 0.1, 0.5);
    return new TextDiversity(
        7,
        99,
        Arrays.stream(Measure.values())
            .collect(Collectors.toMap(Function.identity(), m -> estimate)));
  }

  private static WrittenText text(Answer<TextDiversity> diversity) {
    return new WrittenText(KEY, "run", FILE, WRITING, 10, 1, 2000, 1e12, 0.5, diversity);
  }
}
