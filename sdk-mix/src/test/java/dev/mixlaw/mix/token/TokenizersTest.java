package dev.mixlaw.mix.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.TokenizerSpec;
import dev.mixlaw.api.spi.Tokenizer;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenizersTest {
  private static final String WORD_PIECE =
      """
      {"version":"1.0","truncation":null,"padding":null,
       "added_tokens":[
        {"id":0,"content":"[UNK]","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true},
        {"id":1,"content":"[SEP]","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true}],
       "normalizer":null,"pre_tokenizer":{"type":"Whitespace"},"post_processor":null,
       "decoder":{"type":"WordPiece","prefix":"##","cleanup":false},
       "model":{"type":"WordPiece","unk_token":"[UNK]","continuing_subword_prefix":"##","max_input_chars_per_word":100,
        "vocab":{"[UNK]":0,"[SEP]":1,"play":2,"##ing":3,"the":4,"[":5,"]":6,"SEP":7}}}
      """;

  private static final String UNIGRAM =
      """
      {"version":"1.0","truncation":{"direction":"Right","max_length":3,"strategy":"LongestFirst","stride":0},"padding":null,
       "added_tokens":[
        {"id":1,"content":"</s>","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":true}],
       "normalizer":null,"pre_tokenizer":null,"post_processor":null,"decoder":null,
       "model":{"type":"Unigram","unk_id":0,"byte_fallback":false,
        "vocab":[["<unk>",0.0],["</s>",0.0],["a",-1.5],["b",-1.5],["<",-3.0],["/",-3.0],["s",-3.0],[">",-3.0]]}}
      """;

  @TempDir Path directory;

  private Tokenizer open(String json) throws IOException {
    try {
      HuggingFaceTokenizer.loadNatives();
    } catch (MixlawException e) {
      Assumptions.abort(e.getMessage());
    }
    Path file = Files.writeString(directory.resolve("tokenizer.json"), json);
    return Tokenizers.open(TokenizerSpec.huggingFace(file));
  }

  @Test
  void opensOwnTokenizersWithoutTheLibrary() {
    BytePairTokenizer ours = new BytePairTrainer().train(257);
    Path file = directory.resolve("tokenizer.json");
    ours.save(file);

    assertThat(Tokenizers.open(TokenizerSpec.huggingFace(file)))
        .isInstanceOf(BytePairTokenizer.class)
        .extracting(Tokenizer::fingerprint)
        .isEqualTo(ours.fingerprint());
  }

  @Test
  void opensOtherKindsThroughTheLibrary() throws IOException {
    try (Tokenizer tokenizer = open(WORD_PIECE)) {
      assertThat(tokenizer).isInstanceOf(HuggingFaceTokenizer.class);
      assertThat(tokenizer.encode("the playing")).containsExactly(4, 2, 3);
      assertThat(tokenizer.decode(new int[] {4, 2, 3, 1})).isEqualTo("the playing[SEP]");
      assertThat(tokenizer.vocabulary()).isEqualTo(8);
      assertThat(tokenizer.endOfText()).isEqualTo(1);
    }
  }

  @Test
  void theLibraryDoesNotRecogniseSpecialTokensInText() throws IOException {
    try (Tokenizer tokenizer = open(WORD_PIECE)) {
      assertThat(tokenizer.encode("the [SEP]")).containsExactly(4, 5, 7, 6);
    }
    try (Tokenizer tokenizer = open(UNIGRAM)) {
      assertThat(tokenizer.encode("ab</s>")).doesNotContain(1);
    }
  }

  @Test
  void theLibraryDoesNotTruncate() throws IOException {
    try (Tokenizer tokenizer = open(UNIGRAM)) {
      assertThat(tokenizer.encode("abababab")).hasSize(8);
    }
  }

  @Test
  void savesWhatItWasOpenedFrom() throws IOException {
    Path copy = directory.resolve("copy/tokenizer.json");
    try (Tokenizer tokenizer = open(WORD_PIECE)) {
      assertThat(tokenizer.save(copy)).isTrue();
      try (Tokenizer again = Tokenizers.open(TokenizerSpec.huggingFace(copy))) {
        assertThat(again.fingerprint()).isEqualTo(tokenizer.fingerprint());
        assertThat(again.encode("the playing")).containsExactly(4, 2, 3);
      }
    }
  }

  @Test
  void refusesToUseAClosedTokenizer() throws IOException {
    Tokenizer tokenizer = open(WORD_PIECE);
    tokenizer.close();
    tokenizer.close();

    assertThatThrownBy(() -> tokenizer.encode("the"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void aFileWithoutATokenThatEndsADocumentIsRefused() {
    assertThatThrownBy(() -> open(WORD_PIECE.replace("[SEP]", "[CLS]")))
        .isInstanceOf(MixlawException.class)
        .hasMessageContaining("ends a document")
        .hasMessageContaining("[CLS]");
  }

  @Test
  void aModelTheLibraryDoesNotKnowIsRefused() {
    assertThatThrownBy(
            () ->
                open(
                    WORD_PIECE.replace("\"type\":\"WordPiece\",\"unk", "\"type\":\"Magic\",\"unk")))
        .isInstanceOf(MixlawException.class)
        .hasMessageContaining("tokenizer.json");
  }

  @ParameterizedTest
  @CsvSource({
    "r50k_base,50257,50256",
    "p50k_base,50281,50256",
    "p50k_edit,50284,50256",
    "cl100k_base,100277,100257",
    "o200k_base,200019,199999"
  })
  void opensGptEncodings(String name, int vocabulary, int endOfText) {
    try (Tokenizer tokenizer = Tokenizers.open(TokenizerSpec.gpt(name))) {
      assertThat(tokenizer.name()).isEqualTo(name);
      assertThat(tokenizer.vocabulary()).isEqualTo(vocabulary);
      assertThat(tokenizer.endOfText()).isEqualTo(endOfText);
      String text = "Hello, <|endoftext|> wörld 你好 😀";
      int[] ids = tokenizer.encode(text);
      assertThat(ids).doesNotContain(endOfText);
      assertThat(tokenizer.decode(ids)).isEqualTo(text);
      assertThat(tokenizer.decode(new int[] {ids[0], endOfText})).isEqualTo("Hello<|endoftext|>");
      assertThat(tokenizer.decode(IntStream.range(0, vocabulary).toArray())).isNotEmpty();
      assertThatThrownBy(() -> tokenizer.decode(new int[] {vocabulary}))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(tokenizer.save(directory.resolve("tokenizer.json"))).isFalse();
    }
  }

  @Test
  void gptIdsAreTheKnownOnes() {
    try (Tokenizer tokenizer = Tokenizers.open(TokenizerSpec.gpt("r50k_base"))) {
      assertThat(tokenizer.encode("hello world")).containsExactly(31373, 995);
    }
  }

  @Test
  void anUnknownGptEncodingIsRefusedWithTheKnownOnes() {
    assertThatThrownBy(() -> Tokenizers.open(TokenizerSpec.gpt("r51k")))
        .isInstanceOf(MixlawException.class)
        .hasMessageContaining("r51k")
        .hasMessageContaining("cl100k_base");
  }

  @Test
  void reportsAMissingArtifact() throws Exception {
    Path file = Files.writeString(directory.resolve("tokenizer.json"), WORD_PIECE);
    try (URLClassLoader loader = without("huggingface", "djl", "jtokkit")) {
      assertThat(failure(loader, "huggingFace", Path.class, file))
          .contains("ai.djl.huggingface:tokenizers");
      assertThat(failure(loader, "gpt", String.class, "cl100k_base"))
          .contains("com.knuddels:jtokkit");
    }
  }

  /**
   * Returns a class loader with the class path of this test, except for jars whose path contains
   * one of the given words.
   */
  private static URLClassLoader without(String... words) throws IOException {
    List<URL> urls = new ArrayList<>();
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    for (String entry : classPath.split(java.io.File.pathSeparator, -1)) {
      boolean left = false;
      for (String word : words) {
        left |= entry.contains(word);
      }
      if (!left) {
        urls.add(Path.of(entry).toUri().toURL());
      }
    }
    return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
  }

  private static String failure(
      ClassLoader loader, String factory, Class<?> parameter, Object argument)
      throws ReflectiveOperationException {
    Class<?> there = loader.loadClass(TokenizerSpec.class.getName());
    Object description = there.getMethod(factory, parameter).invoke(null, argument);
    Method open = loader.loadClass(Tokenizers.class.getName()).getMethod("open", there);
    try {
      open.invoke(null, description);
      return "no failure";
    } catch (InvocationTargetException e) {
      assertThat(e.getCause().getClass().getName()).isEqualTo(MixlawException.class.getName());
      return e.getCause().getMessage();
    }
  }
}
