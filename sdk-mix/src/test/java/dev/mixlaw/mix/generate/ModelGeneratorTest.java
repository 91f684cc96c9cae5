package dev.mixlaw.mix.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mixlaw.api.spi.GeneratorException;
import dev.mixlaw.api.spi.SamplingModel;
import dev.mixlaw.api.spi.TextGenerator.Settings;
import dev.mixlaw.api.spi.TextGenerator.Written;
import dev.mixlaw.api.spi.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ModelGeneratorTest {
  /**
   * A tokenizer with one token for each byte, an end-of-text token 256 and a beginning-of-text
   * token 0. Decoding drops a leading space, as the tokenizer of Llama 2 does.
   */
  private static final Tokenizer BYTES =
      new Tokenizer() {
        @Override
        public String name() {
          return "bytes";
        }

        @Override
        public int vocabulary() {
          return 257;
        }

        @Override
        public int endOfText() {
          return 256;
        }

        @Override
        public int beginOfText() {
          return 0;
        }

        @Override
        public int[] encode(String text) {
          byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
          int[] ids = new int[bytes.length];
          Arrays.setAll(ids, i -> bytes[i] & 0xff);
          return ids;
        }

        @Override
        public String decode(int[] ids) {
          byte[] bytes = new byte[ids.length];
          for (int i = 0; i < ids.length; i++) {
            bytes[i] = (byte) ids[i];
          }
          return new String(bytes, StandardCharsets.UTF_8).replaceFirst("^ ", "");
        }

        @Override
        public String fingerprint() {
          return "bytes-1";
        }

        @Override
        public boolean save(Path tokenizerJson) {
          return false;
        }
      };

  /** A model that repeats the last letter of the prompt at most five times. */
  private static final class Echo implements SamplingModel {
    final List<Sampling> asked = new ArrayList<>();
    final List<int[]> prompts = new ArrayList<>();

    @Override
    public int context() {
      return 12;
    }

    @Override
    public int vocabulary() {
      return 257;
    }

    @Override
    public void losses(int[] ids, int rows, int length, int first, float[] nats) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void write(Supplier<? extends @Nullable Text> texts) {
      for (Text text = texts.get(); text != null; text = texts.get()) {
        asked.add(text.settings());
        int[] prompt = text.prompt();
        prompts.add(prompt);
        int[] written = new int[Math.min(5, text.settings().maxTokens())];
        Arrays.fill(written, prompt[prompt.length - 1]);
        if (prompt[prompt.length - 1] == '!') {
          written[1] = 257;
        }
        text.written(written);
      }
    }
  }

  private final Echo model = new Echo();
  private final ModelGenerator generator = new ModelGenerator("tiny", "abc", model, BYTES, 0.9);

  @Test
  void continuesTheBeginningOfADocument() {
    Written written = generator.write("hey", new Settings(8, 0.5, 7));

    assertThat(written.text()).isEqualTo("yyyyy");
    assertThat(written.cutOff()).isFalse();
    assertThat(written.promptTokens()).hasValue(4);
    assertThat(written.writtenTokens()).hasValue(5);
    assertThat(model.prompts.get(0)).containsExactly(0, 'h', 'e', 'y');
    assertThat(model.asked).containsExactly(new SamplingModel.Sampling(8, 0.5, 0.9, 7, 256));
    assertThat(generator.parameters()).containsEntry("model", "abc").containsEntry("top_p", "0.9");
  }

  @Test
  void aContinuationKeepsItsSpace() {
    assertThat(generator.write("the ", new Settings(3, 0.5, 7)).text()).isEqualTo("   ");
  }

  @Test
  void ignoresIdsOutsideTheTokenizer() {
    Written written = generator.write("!", new Settings(3, 0.5, 7));

    assertThat(written.text()).isEqualTo("!!");
    assertThat(written.writtenTokens()).hasValue(3);
  }

  @Test
  void stopsWhereTheContextIsFull() {
    Written written = generator.write("12345678", new Settings(100, 1, 7));

    assertThat(written.text()).isEqualTo("888");
    assertThat(written.cutOff()).isTrue();
    assertThatThrownBy(() -> generator.write("12345678901", new Settings(100, 1, 7)))
        .isInstanceOf(GeneratorException.class)
        .hasMessage("prompt: 11 tokens; expected at most 10 for a context of 12");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ModelGenerator("tiny", "abc", model, BYTES, 0));
  }
}
