package dev.mixlaw.mix.synthetic;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class WordNetTest {
  /**
   * Synonym sets in WordNet's notation, with the numbers 100 car, 200 buy, 300 bank, 400 begin and
   * 500 dialogue.
   */
  private static final String SENSES =
      """
      acquire%2:40:01:: 00000200 3 1
      auto%1:06:00:: 00000100 1 0
      automobile%1:06:00:: 00000100 1 5
      bank%1:17:01:: 00000300 1 20
      bank%1:14:00:: 00000310 2 14
      bank%2:38:00:: 00000320 1 3
      begin%2:30:00:: 00000400 1 9
      big%3:00:01:: 00000600 1 50
      buy%2:40:00:: 00000200 1 30
      buy%1:21:00:: 00000210 1 2
      car%1:06:00:: 00000100 1 71
      commence%2:30:00:: 00000400 2 1
      depository%1:14:00:: 00000310 1 0
      dialogue%1:10:00:: 00000500 1 4
      large%5:00:01:: 00000600 1 40
      leverage%1:21:00:: 00000210 1 0
      motor_car%1:06:00:: 00000100 1 0
      plan%2:31:00:: 00000700 1 6
      prepare%2:31:00:: 00000700 1 6
      rely%2:32:00:: 00000320 1 0
      talks%1:10:00:: 00000500 1 0
      """;

  private static WordNet wordNet;

  @BeforeAll
  static void read() throws IOException {
    wordNet =
        WordNet.read(in(SENSES), in("planned plan\nplanning plan\nbegan begin\nbegun begin\n"));
  }

  @Test
  void synonymsAreTheSingleWordsOfTheSameSet() {
    assertThat(wordNet.synonyms("car")).containsExactlyInAnyOrder("auto", "automobile");
    assertThat(wordNet.synonyms("big")).containsExactly("large");
    assertThat(wordNet.synonyms("motor_car")).isEmpty();
    assertThat(wordNet.synonyms("zebra")).isEmpty();
  }

  @Test
  void theMostFrequentPartOfSpeechCounts() {
    assertThat(wordNet.synonyms("buy")).containsExactly("acquire");
  }

  @Test
  void theFirstCommonSenseThatHasSynonymsCounts() {
    assertThat(wordNet.synonyms("bank")).containsExactly("depository");
  }

  @Test
  void regularFormsAreKept() {
    assertThat(wordNet.synonyms("cars")).containsExactlyInAnyOrder("autos", "automobiles");
    assertThat(wordNet.synonyms("buys")).containsExactly("acquires");
    assertThat(wordNet.synonyms("buying")).containsExactly("acquiring");
    assertThat(wordNet.synonyms("prepared")).containsExactly("planned");
    assertThat(wordNet.synonyms("planning")).containsExactly("preparing");
    assertThat(wordNet.synonyms("dialogues")).containsExactly("talks");
  }

  @Test
  void irregularWordsHaveNoSynonyms() {
    assertThat(wordNet.synonyms("began")).isEmpty();
    assertThat(wordNet.synonyms("commenced")).isEmpty();
    assertThat(wordNet.synonyms("commence")).containsExactly("begin");
  }

  @Test
  void otherFilesAreRefused() {
    assertThatIOException()
        .isThrownBy(() -> WordNet.read(in("car 100\n"), in("")))
        .withMessageContaining("index.sense")
        .withMessageContaining("car 100");
    assertThatIOException()
        .isThrownBy(() -> WordNet.read(in(""), in("car\n")))
        .withMessageContaining("verb.exc");
  }

  private static ByteArrayInputStream in(String text) {
    return new ByteArrayInputStream(text.getBytes(UTF_8));
  }
}
