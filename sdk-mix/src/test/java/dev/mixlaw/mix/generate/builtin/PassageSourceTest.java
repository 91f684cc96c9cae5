package dev.mixlaw.mix.generate.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.mixlaw.mix.Shared;
import java.util.List;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PassageSourceTest {
  private static final ToIntFunction<String> WORDS =
      text -> text.isBlank() ? 0 : text.strip().split("\\s+").length;

  @Test
  void cutsAtSentenceEndsIntoEvenPassages() {
    String text = "One two three. Four five six. Seven eight nine.\n\nTen eleven twelve.";

    assertThat(new PassageSource(9).cut(text, WORDS))
        .containsExactly(
            "One two three. Four five six. ", "Seven eight nine.\n\nTen eleven twelve.");
    assertThat(new PassageSource(12).cut(text, WORDS)).containsExactly(text);
    assertThat(new PassageSource(Integer.MAX_VALUE).cut(" " + text + "\n", WORDS))
        .containsExactly(text);
  }

  @Test
  void cutsSentencesThatAreTooLongBetweenWords() {
    assertThat(new PassageSource(2).cut("a b c d e. F g.", WORDS))
        .containsExactly("a b ", "c d ", "e. ", "F g.");
  }

  @Test
  void cutsWordsThatAreTooLongButNoCharacters() {
    List<String> passages = new PassageSource(1).cut("😀😁😂 ab", text -> text.strip().length());

    assertThat(passages).containsExactly("😀", "😁", "😂", " a", "b");
  }

  @Test
  void knowsSentencesWithoutSpaces() {
    assertThat(new PassageSource(4).cut("猫が好き。犬も好き。", t -> t.length() - 1))
        .containsExactly("猫が好き。", "犬も好き。");
  }

  @Test
  void blankTextHasNoPassages() {
    assertThat(new PassageSource(5).cut(" \n ", WORDS)).isEmpty();
    assertThatIllegalArgumentException().isThrownBy(() -> new PassageSource(0));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 60, 350})
  void passagesAndGapsGiveTheDocument(int most) {
    for (String file : List.of("natural/valid/wiki.jsonl", "natural/valid/code_python.jsonl")) {
      for (String text : Shared.texts(Shared.corpora().resolve(file))) {
        List<String> passages = new PassageSource(most).cut(text, WORDS);

        assertThat(String.join("", passages)).isEqualTo(text.strip());
        assertThat(passages).allMatch(p -> WORDS.applyAsInt(p) <= most);
      }
    }
  }
}
