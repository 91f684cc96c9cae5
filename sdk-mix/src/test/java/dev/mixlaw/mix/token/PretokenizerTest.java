package dev.mixlaw.mix.token;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The scanner against the expression it stands for, run by Java's engine. */
class PretokenizerTest {
  private static final Pattern EXPRESSION =
      Pattern.compile(Pretokenizer.REGEX, Pattern.UNICODE_CHARACTER_CLASS);

  private static List<String> scanned(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    Pretokenizer pieces = new Pretokenizer(utf8);
    List<String> all = new ArrayList<>();
    while (pieces.next()) {
      all.add(
          new String(utf8, pieces.start(), pieces.end() - pieces.start(), StandardCharsets.UTF_8));
    }
    return all;
  }

  private static List<String> matched(String text) {
    List<String> all = new ArrayList<>();
    for (Matcher m = EXPRESSION.matcher(text); m.find(); ) {
      all.add(m.group());
    }
    return all;
  }

  @Test
  void cutsWordsWithTheSpaceBeforeThem() {
    assertThat(scanned("I've  seen 12 cats,\n\n 'twas!  "))
        .containsExactly(
            "I", "'ve", " ", " seen", " 12", " cats", ",", "\n\n", " '", "twas", "!", "  ");
  }

  @Test
  void agreesWithTheExpressionOnHardTexts() {
    for (String text : Texts.HARD) {
      assertThat(scanned(text)).isEqualTo(matched(text));
    }
  }

  @Test
  void agreesWithTheExpressionOnPatchwork() {
    SplittableRandom random = new SplittableRandom(5);
    for (int i = 0; i < 20_000; i++) {
      String text = Texts.patchwork(random, 1 + random.nextInt(12));
      assertThat(scanned(text)).isEqualTo(matched(text));
    }
  }

  @Test
  void piecesCoverTheWholeText() {
    SplittableRandom random = new SplittableRandom(6);
    for (int i = 0; i < 500; i++) {
      String text = Texts.anyCodePoints(random, 200);
      assertThat(String.join("", scanned(text))).isEqualTo(text);
    }
  }
}
