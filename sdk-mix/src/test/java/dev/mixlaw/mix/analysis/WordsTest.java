package dev.mixlaw.mix.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class WordsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ENGLISH  | don’t e\u00admail \u202aend\u202c | don't email end",
        "FRENCH   | e\u0301te\u0301 été | été été",
        "ENGLISH  | The cat's 3.5 cats, the CAT. | the cat's 3.5 cats the cat",
        "GERMAN   | Die Straße, die Häuser       | die straße die häuser",
        "FRENCH   | L'homme d'abord              | homme abord",
        "TURKISH  | IŞIK İstanbul                | ışık istanbul",
        "GREEK    | Ο ΚΌΣΜΟΣ                     | ο κοσμοσ",
        "RUSSIAN  | Война и Мир                  | война и мир",
        "ARABIC   | كَتَبَ ٣                     | كتب 3",
        "HINDI    | हिन्दी में                       | हिंदि में",
        "CHINESE  | 我是中国人                        | 我是 是中 中国 国人",
        "JAPANESE | ｶﾀｶﾅ ＡＢＣ                    | カタ タカ カナ abc",
        "KOREAN   | 한국어                            | 한국 국어",
        "THAI     | การที่ได้ต้องแสดงว่างานดี               | การ ที่ ได้ ต้อง แสดง ว่า งาน ดี",
        "OTHER    | Zażółć GĘŚLĄ                 | zażółć gęślą",
      })
  void splitsWordsByTheRulesOfTheLanguage(Language language, String text, String expected) {
    try (Words words = Words.of(language)) {
      assertThat(words.list(text)).isEqualTo(List.of(expected.split(" ")));
      assertThat(words.hashes(text)).hasSize(words.list(text).size());
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyLanguageSplitsForeignText(Language language) {
    try (Words words = Words.of(language)) {
      assertThat(words.list("model 42")).containsExactly("model", "42");
      assertThat(words.list("")).isEmpty();
    }
    assertThat(Language.ofCode(language.code())).contains(language);
  }

  @Test
  void acceptsCodesWithARegion() {
    assertThat(Language.ofCode("pt-BR")).contains(Language.PORTUGUESE);
    assertThat(Language.ofCode("xx")).isEmpty();
  }
}
