package dev.mixlaw.mix.token;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import com.knuddels.jtokkit.api.IntArrayList;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.spi.Tokenizer;
import dev.mixlaw.mix.internal.Digest;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/** A GPT encoding, by jtokkit. */
final class GptTokenizer implements Tokenizer {
  private final Encoding encoding;
  private final Shape shape;

  /**
   * What jtokkit does not tell of its encodings (openai/tiktoken, {@code openai_public.py}).
   *
   * @param vocabulary largest id and one, special tokens included
   */
  private record Shape(int vocabulary, int endOfText) {
    static Shape of(EncodingType type) {
      return switch (type) {
        case R50K_BASE -> new Shape(50257, 50256);
        case P50K_BASE -> new Shape(50281, 50256);
        case P50K_EDIT -> new Shape(50284, 50256);
        case CL100K_BASE -> new Shape(100277, 100257);
        case O200K_BASE -> new Shape(200019, 199999);
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
                    new MixlawException(
                        MixlawException.Kind.DESCRIPTION,
                        new Problem(
                            "tokenizer",
                            "no GPT encoding is named \"" + name + "\"",
                            "one of "
                                + Arrays.stream(EncodingType.values())
                                    .map(EncodingType::getName)
                                    .toList(),
                            "TokenizerSpec.gpt"))));
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

  @Override
  public String decode(int[] ids) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(4 * ids.length);
    IntArrayList ordinary = new IntArrayList(ids.length);
    for (int id : ids) {
      if (id == shape.endOfText()) {
        bytes.writeBytes(encoding.decodeBytes(ordinary));
        bytes.writeBytes(BytePairTrainer.END_OF_TEXT.getBytes(StandardCharsets.UTF_8));
        ordinary.clear();
      } else {
        ordinary.add(id);
      }
    }
    bytes.writeBytes(encoding.decodeBytes(ordinary));
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Override
  public String fingerprint() {
    return new Digest().add("jtokkit").add(encoding.getName()).hex();
  }

  /** Its merges are jtokkit's own; nothing is written. */
  @Override
  public boolean save(Path tokenizerJson) {
    return false;
  }
}
