package dev.mixlaw.mix.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mixlaw.mix.token.Pretokenizer.Rules;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Compares the scanner with the regular expression that it implements, run by Java's engine. */
class PretokenizerTest {
  private static List<String> scanned(Rules rules, String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    Pretokenizer pieces = new Pretokenizer(utf8, rules);
    List<String> all = new ArrayList<>();
    while (pieces.next()) {
      all.add(
          new String(utf8, pieces.start(), pieces.end() - pieces.start(), StandardCharsets.UTF_8));
    }
    return all;
  }

  private static List<String> matched(Rules rules, String text) {
    List<String> all = new ArrayList<>();
    Pattern expression =
        Pattern.compile(rules.regex, Pattern.UNICODE_CHARACTER_CLASS | Pattern.UNICODE_CASE);
    for (Matcher m = expression.matcher(text); m.find(); ) {
      all.add(m.group());
    }
    return all;
  }

  @Test
  void cutsWordsWithTheSpaceBeforeThem() {
    assertThat(scanned(Rules.GPT2, "I've  seen 12 cats,\n\n 'twas!  "))
        .containsExactly(
            "I", "'ve", " ", " seen", " 12", " cats", ",", "\n\n", " '", "twas", "!", "  ");
  }

  @Test
  void cutsNumbersAndSignsAsNewerVocabulariesDo() {
    String text = "I'VE  (seen) 12345\ncats!\r\n \n  x'ſ \n";
    assertThat(scanned(Rules.CL100K, text))
        .containsExactly(
            "I", "'VE", " ", " (", "seen", ")", " ", "123", "45", "\n", "cats", "!\r\n", " \n", " ",
            " x", "'ſ", " \n");
    assertThat(scanned(Rules.QWEN2, " 12")).containsExactly(" ", "1", "2");
  }

  @ParameterizedTest
  @EnumSource
  void agreesWithTheExpressionOnHardTexts(Rules rules) {
    for (String text : Texts.HARD) {
      assertThat(scanned(rules, text)).isEqualTo(matched(rules, text));
    }
  }

  @ParameterizedTest
  @EnumSource
  void agreesWithTheExpressionOnPatchwork(Rules rules) {
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < 20_000; i++) {
      String text = Texts.patchwork(random, 1 + random.nextInt(12));
      assertThat(scanned(rules, text)).isEqualTo(matched(rules, text));
    }
  }

  @ParameterizedTest
  @EnumSource
  void piecesCoverTheWholeText(Rules rules) {
    SplittableRandom random = new SplittableRandom(6);
    for (int i = 0; i < 500; i++) {
      String text = Texts.anyCodePoints(random, 200);
      assertThat(String.join("", scanned(rules, text))).isEqualTo(text);
    }
  }
}
