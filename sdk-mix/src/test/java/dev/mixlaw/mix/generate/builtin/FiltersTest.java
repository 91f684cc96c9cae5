package dev.mixlaw.mix.generate.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.mixlaw.api.spi.TextGenerator;
import dev.mixlaw.mix.generate.spi.Draft;
import dev.mixlaw.mix.generate.spi.DraftFilter;
import dev.mixlaw.mix.generate.spi.DraftSession;
import dev.mixlaw.mix.generate.spi.Material;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FiltersTest {
  private static final String ENGLISH =
      "The river that runs through the old town is wide, and in the winter it is covered with ice"
          + " that the children of the houses on its banks use for their games.";
  private static final String GERMAN =
      "Der Fluss, der durch die alte Stadt fließt, ist breit, und im Winter ist er mit Eis bedeckt,"
          + " das die Kinder aus den Häusern an seinen Ufern für ihre Spiele nutzen.";
  private static final String FRENCH =
      "La rivière qui traverse la vieille ville est large, et en hiver elle est couverte d'une"
          + " glace que les enfants des maisons sur ses rives utilisent pour leurs jeux avec les"
          + " autres.";
  private static final String CHINESE = "穿过老城的河很宽，冬天结冰，两岸人家的孩子在冰上玩耍。";

  private String answer = "";
  private final List<String> asked = new ArrayList<>();
  private final DraftSession session =
      new FakeSession(
          1,
          prompt -> {
            asked.add(prompt);
            return answer;
          }) {
        @Override
        public DraftSession with(TextGenerator other) {
          asked.add("with " + other.name());
          return this;
        }
      };

  private Draft judge(DraftFilter filter, String material, String text) {
    return filter.judge(new Draft(Material.whole("d", "d", material), text, false), session);
  }

  private static String words(int from, int to) {
    return IntStream.range(from, to).mapToObj(i -> "w" + i).collect(Collectors.joining(" "));
  }

  @Test
  void lengthIsComparedInCharacters() {
    DraftFilter filter = Filters.lengthRatio(0.5, 2);

    assertThat(judge(filter, "0123456789", "01234"))
        .returns("01234", Draft::text)
        .returns(Optional.empty(), Draft::rejection);
    assertThat(judge(filter, "😀😀😀😀", "0123456789"))
        .returns(Optional.of("2.50 of the material's length"), Draft::rejection);
    assertThat(judge(filter, "0123456789", "0123"))
        .extracting(Draft::rejection)
        .matches(Optional::isPresent);
    assertThatIllegalArgumentException().isThrownBy(() -> Filters.lengthRatio(2, 1));
  }

  @Test
  void nearCopiesShareShingles() {
    DraftFilter filter = Filters.nearCopies(0.5);
    String material = words(0, 100);

    assertThat(judge(filter, material, material.toUpperCase(java.util.Locale.ROOT)))
        .returns(Optional.of("shares 1.00 of its shingles"), Draft::rejection);
    assertThat(judge(filter, material, words(30, 100) + " " + words(200, 230)))
        .extracting(Draft::rejection)
        .matches(Optional::isPresent);
    assertThat(judge(filter, material, words(70, 100) + " " + words(200, 270)))
        .extracting(Draft::rejection)
        .matches(Optional::isEmpty);
  }

  @Test
  void recognisesLanguagesByFunctionWordsAndScript() {
    DraftFilter same = Filters.language();

    assertThat(judge(same, ENGLISH, ENGLISH))
        .extracting(Draft::rejection)
        .matches(Optional::isEmpty);
    assertThat(judge(same, ENGLISH, GERMAN))
        .returns(Optional.of("looks like de, not en"), Draft::rejection);
    assertThat(judge(same, FRENCH, ENGLISH))
        .returns(Optional.of("looks like en, not fr"), Draft::rejection);
    assertThat(judge(same, CHINESE, ENGLISH))
        .returns(Optional.of("looks like en, not zh"), Draft::rejection);
    assertThat(judge(same, ENGLISH, CHINESE))
        .returns(Optional.of("looks like zh, not en"), Draft::rejection);
    assertThat(judge(same, CHINESE, CHINESE))
        .extracting(Draft::rejection)
        .matches(Optional::isEmpty);
    assertThat(judge(same, ENGLISH, words(0, 100)))
        .as("unknown language")
        .extracting(Draft::rejection)
        .matches(Optional::isEmpty);
    assertThat(judge(same, words(0, 100), GERMAN))
        .extracting(Draft::rejection)
        .matches(Optional::isEmpty);
    assertThat(judge(Filters.language("fr"), ENGLISH, GERMAN))
        .returns(Optional.of("looks like de, not fr"), Draft::rejection);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Filters.language("xx"))
        .withMessageContaining("language: xx; expected ar, bg");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Sure! Here is the rewritten passage:\n\nThe river is wide.",
        "Here's a simplified version of the text that a ten-year-old can understand:\nThe river is"
            + " wide.",
        "Certainly. Below is the rephrased text: The river is wide.",
        "<think>\nThe user wants a rewrite.\n</think>\n\nThe river is wide.",
        "Okay, the user wants plain words.\n</think>\n\nThe river is wide.",
        "<thinking>Hm.</thinking> The river is wide.",
        "So. </reasoning>The river is wide.",
        "<THINK>Hm.</THINK>The river is wide.",
        "[THINK]Hm.[/THINK]The river is wide.",
        "◁think▷Hm.◁/think▷The river is wide.",
        "Sure! <think>Hm.</think> Here is the rewritten text:\nThe river is wide.",
        "<think>A</think>The river<think>B</think> is wide.",
        "<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>The"
            + " river is wide.<|return|>",
        "analysisThe user wants a rewrite.assistantfinalThe river is wide.",
        "<|channel>thought\nHm.<channel|>The river is wide.<end_of_turn>",
        "```text\nThe river is wide.\n```",
        "**Rewritten Passage:**\nThe river is wide.",
        "Rewritten text: The river is wide.\n\nLet me know if you would like any changes!",
        "The river is wide.\n\nI hope this helps!",
        "The river is wide.\n\n(Note: I have rewritten the text as asked.)"
      })
  void removesTextAroundADraft(String answer) {
    assertThat(judge(Filters.leadIns(), "x", answer))
        .returns("The river is wide.", Draft::text)
        .returns(Optional.empty(), Draft::rejection);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Here is where the river turns: a place of many stories.",
        "Sure of his way, he went on.",
        "Certainly, the harbour was empty when they came.",
        "Of course. He had known it for years.",
        "Here is the text of the treaty: all boats stay in the harbour.",
        "This is the answer: forty-two.",
        "New: the harbour opens in May.",
        "Models write `<think>` before they answer and `</think>` after it.",
        "Analysis of the river: it is wide.",
        "Of course the river froze.",
        "This is the house that Jack built: it stands.",
        "Question: Is it wide?\nAnswer: It is.",
        "She wrote: \"Let me know if you come.\" Then she left.",
        "Use it so:\n```\nrun\n```\nand again:\n```\nstop\n```"
      })
  void keepsTextThatBelongsToADraft(String answer) {
    assertThat(judge(Filters.leadIns(), "x", answer))
        .returns(answer, Draft::text)
        .returns(Optional.empty(), Draft::rejection);
    assertThat(judge(Filters.refusals(), "x", answer))
        .returns(answer, Draft::text)
        .returns(Optional.empty(), Draft::rejection);
  }

  @Test
  void refusesReasoningWithoutAnEnd() {
    for (String text :
        List.of(
            "<think> so I could",
            "[THINK] so I could",
            "<|channel|>analysis<|message|>so I could",
            "The river <think> so I could")) {
      assertThat(judge(Filters.leadIns(), "x", text))
          .returns(Optional.of("the reasoning does not end"), Draft::rejection);
    }
  }

  @Test
  void aLongFencedAnswerIsRead() {
    String text = "😀a".repeat(100_000);

    assertThat(judge(Filters.leadIns(), "x", "```\n" + text + "\n```"))
        .returns(text, Draft::text)
        .returns(Optional.empty(), Draft::rejection);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "I'm sorry, but I can't help with that.",
        "I’m sorry, I cannot rewrite this text.",
        "I cannot provide a rewrite of this.",
        "Unfortunately, I am unable to do this.",
        "As an AI language model, I have no opinion. The river is wide.",
        "The river, as a large language model, I cannot see.",
        "Please provide the text you would like me to rewrite.",
        "It seems that no passage was included.",
        "No text was provided."
      })
  void refusalsAreRefused(String answer) {
    assertThat(judge(Filters.refusals(), "x", answer))
        .extracting(Draft::rejection)
        .matches(Optional::isPresent);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"I'm sorry,\" she said, \"the river is too wide.\"",
        "I'm sorry to leave, he wrote. The river was wide.",
        "I cannot say when it was.",
        "Please provide for your children.",
        "Language models such as GPT-2 are trained on text."
      })
  void keepsTextThatResemblesARefusal(String answer) {
    assertThat(judge(Filters.refusals(), "x", answer))
        .returns(answer, Draft::text)
        .returns(Optional.empty(), Draft::rejection);
  }

  @Test
  void answersCutOffAreRefused() {
    Draft cut = new Draft(Material.whole("d", "d", "m"), "half a", true);

    assertThat(Filters.whole().judge(cut, session))
        .extracting(Draft::rejection)
        .matches(Optional::isPresent);
    assertThat(judge(Filters.whole(), "m", "all"))
        .returns("all", Draft::text)
        .returns(Optional.empty(), Draft::rejection);
  }

  @Test
  void theJudgesLastScoreCounts() {
    DraftFilter filter = Filters.judge("it is true", 3);
    answer = "A score: 2 would be harsh, it reads well.\n**Score:** 4";
    assertThat(judge(filter, "M", "T")).returns(OptionalDouble.of(4), Draft::score);
    assertThat(asked.get(0)).contains("it is true", "M", "T").doesNotContain("{");
    for (String form :
        List.of(
            "Score: 4.", "Score: 4.0", "Score (1-5): 4", "Score [1 to 5] = **4**", "Score: 4,0")) {
      answer = form;
      assertThat(judge(filter, "M", "T")).as(form).returns(OptionalDouble.of(4), Draft::score);
    }
    for (String form : List.of("Score: 4.5", "Score: 1-5", "Score: 45")) {
      answer = form;
      assertThat(judge(filter, "M", "T"))
          .as(form)
          .returns(Optional.of("the judge gave no score"), Draft::rejection);
    }
    answer = "Score: 2";
    assertThat(judge(filter, "M", "T")).returns(Optional.of("score 2"), Draft::rejection);
    answer = "Score: 10";
    assertThat(judge(filter, "M", "T"))
        .returns(Optional.of("the judge gave no score"), Draft::rejection);
    assertThatIllegalArgumentException().isThrownBy(() -> Filters.judge("x", 6));
  }
}
