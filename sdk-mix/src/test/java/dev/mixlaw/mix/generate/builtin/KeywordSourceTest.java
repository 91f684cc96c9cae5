package dev.mixlaw.mix.generate.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.mix.generate.spi.Material;
import dev.mixlaw.mix.generate.spi.MaterialSource;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeywordSourceTest {
  private static final List<Document> DOCUMENTS =
      List.of(
          new Document("sea", "There they were sailing: anchor anchor harbour captain with mast"),
          new Document("sky", "There they were looking: comet comet planet orbit with telescope"),
          new Document("law", "There they were pleading: verdict court witness with judge 1999"),
          new Document("food", "There they were cooking: pepper onion garlic with kettle"),
          new Document("wood", "There they were sawing: timber hammer nails with bench"),
          new Document("none", "12 34 . 56"));

  private static List<Material> make(MaterialSource materials, long seed) {
    List<Material> made = new ArrayList<>();
    materials.make(() -> DocumentStream.of(DOCUMENTS), FakeSession.silent(seed), made::add);
    return made;
  }

  @Test
  void drawsWordsThatDistinguishADocument() {
    List<Material> made = make(new KeywordSource(10, 3), 1);

    assertThat(made).hasSize(10).extracting(Material::document).doesNotHaveDuplicates();
    assertThat(made).extracting(Material::source).contains("sea", "sky", "law", "food", "wood");
    assertThat(made)
        .allSatisfy(
            m -> {
              String source =
                  DOCUMENTS.stream()
                      .filter(d -> d.id().equals(m.source()))
                      .findFirst()
                      .orElseThrow()
                      .text();
              List<String> words = Arrays.asList(m.text().split(", ", -1));
              assertThat(words).hasSize(3).doesNotHaveDuplicates();
              assertThat(source).contains(words);
              assertThat(words).doesNotContain("there", "they", "were", "with", "1999");
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "नदी पुराने शहर के बीच बहती है और सर्दियों में उस पर बर्फ जम जाती है",
        "แม่น้ำไหลผ่านเมืองเก่าและในฤดูหนาวเด็กๆออกมาเล่นบนน้ำแข็ง",
        "பழைய நகரத்தின் வழியாக ஆறு ஓடுகிறது குளிர்காலத்தில் பனிக்கட்டி உறைகிறது",
        "النَّهْرُ يَجْرِي عَبْرَ المَدِينَةِ القَدِيمَةِ وَفِي الشِّتَاءِ يَتَجَمَّدُ",
        "la rivie\u0301re ge\u0300le l'hiver e\u0301te\u0301 pe\u0302cheurs fore\u0302t",
        "穿过老城的河很宽冬天结冰两岸人家的孩子在冰上玩耍",
        "古い町を流れる川は広く冬には氷が張り子供たちが遊ぶ",
        "오래된 도시를 흐르는 강은 넓고 겨울에는 얼음이 덮인다"
      })
  void everyLanguageHasKeywords(String text) {
    List<Material> made = new ArrayList<>();
    List<Document> documents = List.of(new Document("d", text), new Document("e", "12 34"));
    new KeywordSource(5, 4)
        .make(() -> DocumentStream.of(documents), FakeSession.silent(1), made::add);

    assertThat(made).hasSize(5);
    String composed = Normalizer.normalize(text, Normalizer.Form.NFC);
    assertThat(made)
        .allSatisfy(m -> assertThat(m.text().split(", ", -1)).hasSizeBetween(2, 4))
        .anySatisfy(m -> assertThat(composed).contains(m.text().split(", ", -1)[0]));
  }

  @Test
  void materialsDependOnTheSeed() {
    assertThat(make(new KeywordSource(20, 3), 1)).isEqualTo(make(new KeywordSource(20, 3), 1));
    assertThat(make(new KeywordSource(20, 3), 1)).isNotEqualTo(make(new KeywordSource(20, 3), 2));
  }

  @Test
  void openingsAreFirstWords() {
    assertThat(make(new OpeningSource(3), 1))
        .extracting(Material::text)
        .contains("There they were", "12 34 .");
    assertThat(make(new OpeningSource(99), 1)).hasSameSizeAs(DOCUMENTS);
  }
}
