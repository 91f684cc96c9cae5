package dev.mixlaw.mix.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.text.Normalizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShinglesTest {
  @ParameterizedTest
  @CsvSource({
    "L’été à Orléans, L'e\u0301te\u0301 a\u0300 ORLE\u0301ANS!",
    "examination of wards, exam\u00adination of\u2060 wards",
    "ABC 12, ａｂｃ １２",
    "ﬁne, fine",
    "كَتَبَ الوَلَدُ, كتب الـولد",
    "Straße ὀδυσσεύς, STRAẞE ὈΔΥΣΣΕΎΣ",
    "한국어, \u1112\u1161\u11ab\u1100\u116e\u11a8\u110b\u1165",
    "河很宽冬天结冰, '河很宽，冬天\n结冰。'",
    "ข้าวสวยร้อนๆ, 'ข้าว สวย\nร้อนๆ'"
  })
  void wordsDoNotDependOnTheEncoding(String text, String same) {
    assertThat(Shingles.words(same)).isEqualTo(Shingles.words(text)).isNotEmpty();
  }

  @Test
  void wordsHaveTheirMarksAndUnspacedTextHasWords() {
    assertThat(Shingles.words("हिन्दी में")).hasSize(2);
    assertThat(Shingles.words("கல்லூரி")).hasSize(1);
    assertThat(Shingles.words("我是中国人")).hasSize(5);
    assertThat(Shingles.words("resume")).isNotEqualTo(Shingles.words("resumé"));
    assertThat(Shingles.words("😀 – \ud800 …")).isEmpty();
    String thai = "ข้าวสวยร้อนๆวางอยู่บนโต๊ะไม้ตัวเก่าในครัวของคุณยาย";
    assertThat(Shingles.words(thai).length).isBetween(8, 40);
    assertThat(Shingles.words("ก".repeat(10_000)).length).isBetween(100, 10_000);
  }

  @Test
  void aQuotedPassageHasTheSameInnerWords() {
    String thai = "ข้าวสวยร้อนๆวางอยู่บนโต๊ะไม้ตัวเก่าในครัวของคุณยาย";
    long[] inner = Shingles.of(Shingles.inner(thai), 3);

    LongHashSet page = new LongHashSet();
    page.addAll(Shingles.of(Shingles.words("เมื่อเช้านี้" + thai + "และแมวก็นอนอยู่"), 3));

    assertThat(page.countOf(inner)).isEqualTo(inner.length).isGreaterThan(5);
  }

  @Test
  void composedTextIsLeftAlone() {
    String plain = "Größe: 3²";
    assertThat(UnicodeForms.composed(plain)).isSameAs(plain);
    assertThat(UnicodeForms.composed(Normalizer.normalize("é­té", Normalizer.Form.NFD)))
        .isEqualTo("été");
  }
}
