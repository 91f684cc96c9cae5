package dev.mixlaw.mix.generate.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.mixlaw.api.results.CorpusKind;
import dev.mixlaw.mix.generate.spi.Material;
import dev.mixlaw.mix.generate.spi.Style;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StylesTest {
  private final List<String> prompts = new ArrayList<>();
  private final FakeSession session =
      new FakeSession(
          1,
          prompt -> {
            prompts.add(prompt);
            return "answer " + prompts.size();
          });

  private String write(Style style, String material) {
    return style.write(Material.whole("d", "d", material), session);
  }

  @Test
  void everyStyleShowsItsMaterialAndFillsItsPrompt() {
    List<Style> styles =
        List.of(
            Styles.hq(),
            Styles.easy(),
            Styles.scholarly(),
            Styles.qa(),
            Styles.story(),
            Styles.dialogue(),
            Styles.textbook(3),
            Styles.selfInstruct(3),
            Styles.paraphrase(),
            Styles.continuation(4),
            Styles.revised(Styles.hq()));

    assertThat(styles).extracting(Style::name).doesNotHaveDuplicates();
    for (Style style : styles) {
      prompts.clear();
      String text = write(style, "THE MATERIAL {text} {x}");
      assertThat(prompts).as(style.name()).allMatch(p -> p.contains("THE MATERIAL {text} {x}"));
      assertThat(prompts).as(style.name()).noneMatch(p -> p.contains("{draft}"));
      assertThat(text).as(style.name()).contains("answer " + prompts.size());
      assertThat(style.prompts()).as(style.name()).isNotEmpty();
    }
  }

  @Test
  void stylesHaveKindsOfCorpora() {
    assertThat(Styles.hq().kind()).isEqualTo(CorpusKind.REPHRASED);
    assertThat(Styles.textbook(1).kind()).isEqualTo(CorpusKind.TEXTBOOK);
    assertThat(Styles.continuation(1).kind()).isEqualTo(CorpusKind.OTHER);
  }

  @Test
  void aRevisionHasDraftAndCritiqueBeforeIt() {
    Style style = Styles.revised(Styles.easy(), "MY PRINCIPLES");

    String text = write(style, "M");

    assertThat(text).isEqualTo("answer 3");
    assertThat(prompts.get(1)).contains("answer 1", "MY PRINCIPLES");
    assertThat(prompts.get(2)).contains("answer 1", "answer 2");
    assertThat(style.prompts().get("critique")).contains("MY PRINCIPLES", "{draft}");
    assertThat(style.name()).isEqualTo("easy-revised");
  }

  @Test
  void aCustomPromptNeedsItsPlaceholder() {
    Style style =
        Styles.custom("json", CorpusKind.OTHER, "As {\"a\": 1}: {text}", new PassageSource(10));

    write(style, "M {text} $1");

    assertThat(prompts).containsExactly("As {\"a\": 1}: M {text} $1");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                Styles.custom(
                    "x", CorpusKind.OTHER, "no {place}", new PassageSource(Integer.MAX_VALUE)))
        .withMessageContaining("[place]")
        .withMessageContaining("[text]");
    assertThat(PromptTemplate.of("{a}{b}{a}", Set.of("a", "b")).fill(Map.of("a", "{b}", "b", "c")))
        .isEqualTo("{b}c{b}");
  }
}
