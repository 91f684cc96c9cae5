package dev.mixlaw.mix.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentSource;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.spi.TextGenerator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParaphraserTest {
  private static final Map<String, List<String>> SYNONYMS =
      Map.of(
          "house", List.of("abode"),
          "big", List.of("large", "huge", "vast", "enormous"),
          "apple", List.of("pome"),
          "return", List.of("render"),
          "with", List.of("amid"));

  private static Paraphraser paraphraser(double rate) {
    return new Paraphraser("test", word -> SYNONYMS.getOrDefault(word, List.of()), rate);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "My house, your house.          | My abode, your abode.",
        "House rules. (House) House     | Abode rules. (Abode) House",
        "The White House is a house.    | The White House is an abode.",
        "an apple and a house           | a pome and an abode",
        "HOUSE house2 house_a house.x   | HOUSE house2 house_a house.x",
        "house-boat house(apple)        | house-boat house(pome)",
        "with the house                 | with the abode"
      })
  void wordsAreReplacedAndTheRestStays(String text, String expected) {
    assertThat(rephrase(1, text, 1)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "    return house",
        "  return house",
        "return house;",
        "public House house() {",
        "<house>big</house>",
        "// the house",
        "int big = 3 - house;"
      })
  void doesNotChangeSourceCode(String line) {
    assertThat(rephrase(1, "A house.\n" + line + "\nA house.", 1))
        .isEqualTo("An abode.\n" + line + "\nAn abode.");
  }

  @Test
  void whiteSpaceAndParagraphsAreKept() {
    String text = "  The house.\r\n\r\n\tstays;\n\nThe  house é 😀 house\n";

    assertThat(rephrase(1, text, 1)).isEqualTo(text.replace("house", "abode"));
  }

  @Test
  void documentsKeepTheirIdsAndAreRewrittenByTheirOwnSeeds() {
    String text = "so big a thing ".repeat(20);
    DocumentSource source =
        () -> DocumentStream.of(List.of(new Document("a", text), new Document("b", text)));
    Paraphraser paraphraser = paraphraser(1);

    List<Document> rewritten = new ArrayList<>();
    for (int reading = 0; reading < 2; reading++) {
      try (DocumentStream stream = paraphraser.rephrase(source, 1).open()) {
        stream.forEachRemaining(rewritten::add);
      }
    }

    assertThat(rewritten).extracting(Document::id).containsExactly("a", "b", "a", "b");
    assertThat(rewritten.get(0).text()).doesNotContain("big").isNotEqualTo(rewritten.get(1).text());
    assertThat(rewritten.subList(0, 2)).isEqualTo(rewritten.subList(2, 4));
  }

  @Test
  void replacesTheRequestedFractionOfWords() {
    String text = "the house is there and ".repeat(5_000);

    assertThat(count(rephrase(0.3, text, 1), "abode") / 5_000.0).isCloseTo(0.3, within(0.02));
    assertThat(rephrase(0, text, 1)).isEqualTo(text);
    assertThatIllegalArgumentException().isThrownBy(() -> paraphraser(1.1));
    assertThatIllegalArgumentException().isThrownBy(() -> paraphraser(Double.NaN));
  }

  @Test
  void oneOfTheFirstThreeSynonymsIsChosenBySeedAndPlace() {
    String text = "so big a thing ".repeat(3_000);

    String said = rephrase(1, text, 1);

    for (String synonym : List.of("large", "huge", "vast")) {
      assertThat(count(said, synonym)).isBetween(900, 1_100);
    }
    assertThat(said).doesNotContain("enormous");
    assertThat(rephrase(1, text, 1)).isEqualTo(said);
    assertThat(rephrase(1, text, 2)).isNotEqualTo(said);
  }

  @Test
  void stopsAfterTheMaximumNumberOfWords() {
    var settings = new TextGenerator.Settings(3, 1, 1);

    assertThat(paraphraser(1).generate("One house, two houses.", settings))
        .isEqualTo("One abode, two");
  }

  private static String rephrase(double rate, String text, long seed) {
    var settings = new TextGenerator.Settings(Integer.MAX_VALUE, 1, seed);
    return paraphraser(rate).generate(text, settings);
  }

  private static int count(String text, String word) {
    return text.split(word, -1).length - 1;
  }
}
