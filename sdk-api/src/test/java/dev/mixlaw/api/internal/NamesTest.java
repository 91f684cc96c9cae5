package dev.mixlaw.api.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.spi.GeneratorException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {
  @ParameterizedTest
  @ValueSource(strings = {"web", "hq-33", "llama_3.1", "7b", "console", "com", "com10", "a.con"})
  void namesThatAreFileNamesEverywhereAreValid(String name) {
    assertThat(Names.isValid(name)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "a/b", "a\\b", "..", "web.", "a:b", "-a", "con", "NUL", "Aux.txt", "com1"})
  void namesThatAreNoFileNamesOnSomePlatformAreInvalid(String name) {
    assertThat(Names.isValid(name)).isFalse();
  }

  @Test
  void aNameOfAFileIsMadeValid() {
    assertThat(Names.ofFile("_Webtext (2024) ü")).isEqualTo("Webtext-2024");
    assertThat(Names.ofFile("llama_3.1-")).isEqualTo("llama_3.1-");
    assertThat(Names.ofFile("新闻")).isEqualTo("新闻");
    assertThat(Corpus.jsonl(Path.of("wiki en.jsonl.gz")).name()).isEqualTo("wiki-en");
  }

  @Test
  void controlCharactersAreShownAsEscapes() {
    assertThat(Names.printable("a\u001b[31mb\u0007\u0000\r\u007f\u009bc\u202ed\ud800e\uffff"))
        .isEqualTo("a\\u001b[31mb\\u0007\\u0000\\u000d\\u007f\\u009bc\\u202ed\\ud800e\\uffff");
    String plain = "Größe\t1\n日本 😀 \u200d";
    assertThat(Names.printable(plain)).isEqualTo(plain);
  }

  @Test
  void messagesShowNoControlCharacters() {
    Problem problem = new Problem("corpus \u001b]0;x\u0007", "\u0000", "text", "it");

    assertThat(new MixlawException(MixlawException.Kind.DATA, problem))
        .hasMessage("corpus \\u001b]0;x\\u0007: \\u0000; expected text (fix: it)");
    assertThat(new GeneratorException(GeneratorException.Failure.PROMPT, "\u001b[2J"))
        .hasMessage("\\u001b[2J");
    assertThat(new TextTable().line("%s", "\u001b[2J").toString()).startsWith("\\u001b[2J");
  }
}
