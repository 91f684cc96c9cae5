package dev.mixlaw.mix.token;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import com.knuddels.jtokkit.api.IntArrayList;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.spi.Tokenizer;
import dev.mixlaw.mix.internal.Digest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.IntPredicate;

final class GptTokenizer implements Tokenizer {
  private final Encoding encoding;
  private final Shape shape;

  /**
   * Properties of an encoding that jtokkit does not provide (openai/tiktoken, {@code
   * openai_public.py}).
   *
   * @param vocabulary the largest id plus one, including special tokens
   * @param unused returns whether an id below {@code vocabulary} has no token
   */
  private record Shape(int vocabulary, int endOfText, IntPredicate unused) {
    static Shape of(EncodingType type) {
      return switch (type) {
        case R50K_BASE -> new Shape(50257, 50256, id -> false);
        case P50K_BASE -> new Shape(50281, 50256, id -> false);
        case P50K_EDIT -> new Shape(50284, 50256, id -> false);
        case CL100K_BASE ->
            new Shape(100277, 100257, id -> id == 100256 || (id > 100260 && id < 100276));
        case O200K_BASE ->
            new Shape(200019, 199999, id -> id == 199998 || (id > 199999 && id < 200018));
      };
    }
  }

  private GptTokenizer(EncodingType type) {
    encoding = Encodings.newLazyEncodingRegistry().getEncoding(type);
    shape = Shape.of(type);
  }

  static Tokenizer open(String name) {
    return new GptTokenizer(
        EncodingType.fromName(name)
            .orElseThrow(
                () ->
                    MixlawException.description(
                        "tokenizer \"" + name + "\"",
                        "no GPT encoding has this name",
                        "one of "
                            + Arrays.stream(EncodingType.values())
                                .map(EncodingType::getName)
                                .toList(),
                        "change TokenizerSpec.gpt")));
  }

  @Override
  public String name() {
    return encoding.getName();
  }

  @Override
  public int vocabulary() {
    return shape.vocabulary();
  }

  @Override
  public int endOfText() {
    return shape.endOfText();
  }

  @Override
  public int[] encode(String text) {
    return encoding.encodeOrdinary(text).toArray();
  }

  /** Decodes ids. Unused ids, which a model may generate, decode to the empty string. */
  @Override
  public String decode(int[] ids) {
    IntArrayList used = new IntArrayList(ids.length);
    for (int id : ids) {
      if (id < 0 || id >= shape.vocabulary()) {
        throw new IllegalArgumentException(
            "token id " + id + " given; expected in [0, " + shape.vocabulary() + ")");
      }
      if (!shape.unused().test(id)) {
        used.add(id);
      }
    }
    return new String(encoding.decodeBytes(used), StandardCharsets.UTF_8);
  }

  @Override
  public String fingerprint() {
    return new Digest().add("jtokkit").add(encoding.getName()).hex();
  }

  /** Writes nothing, because jtokkit does not expose the merge rules. */
  @Override
  public boolean save(Path tokenizerJson) {
    return false;
  }
}
