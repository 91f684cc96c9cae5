package dev.mixlaw.mix.generate;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SequenceWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.mixlaw.mix.generate.DraftWriter.Outcome;
import dev.mixlaw.mix.internal.Digest;
import dev.mixlaw.mix.internal.Utf8;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes documents as JSON lines, each with a record of how it was made. */
final class DocumentWriter implements AutoCloseable {
  private static final ObjectWriter JSON =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .serializationInclusion(JsonInclude.Include.NON_NULL)
          .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
          .disable(SerializationFeature.FLUSH_AFTER_WRITE_VALUE)
          .build()
          .writerFor(Line.class)
          .withRootValueSeparator("\n");

  private final GenerationSettings settings;
  private final BufferedOutputStream out;
  private final SequenceWriter lines;

  private record Line(String id, String text, Made made) {}

  private record Made(
      String generator,
      Map<String, String> generatorParameters,
      String style,
      @JsonProperty("prompt_sha256") String promptSha256,
      int maxTokens,
      double temperature,
      long seed,
      String sourceCorpus,
      String sourceDocument,
      int parts,
      long partsKept,
      int requests,
      long @Nullable [] seedsAfterUselessAnswers,
      long promptTokens,
      long writtenTokens,
      @Nullable Double cost,
      @Nullable String currency,
      @JsonAnyGetter Map<String, Double> scores) {}

  /** Creates a writer to a channel, which stays open. */
  DocumentWriter(GenerationSettings settings, FileChannel to) throws IOException {
    this.settings = settings;
    this.out = new BufferedOutputStream(Channels.newOutputStream(to), 1 << 16);
    this.lines = JSON.writeValues(out);
  }

  /** Writes a document; returns the number of UTF-8 bytes of its text. */
  int write(String id, String text, List<Outcome> parts) throws IOException {
    List<Call> calls = parts.stream().flatMap(p -> p.calls().stream()).toList();
    long[] seeds = calls.stream().flatMapToLong(c -> c.seed().stream()).toArray();
    boolean priced = !settings.currency().isEmpty();
    Made made =
        new Made(
            settings.generator().name(),
            new TreeMap<>(settings.generator().parameters()),
            settings.style().name(),
            promptHash(calls),
            settings.maxTokens,
            settings.temperature,
            settings.seed(),
            settings.source.name(),
            parts.get(0).material().source(),
            parts.size(),
            parts.stream().filter(p -> p.refusal().isEmpty()).count(),
            calls.size(),
            seeds.length == 0 ? null : seeds,
            calls.stream().mapToLong(Call::promptTokens).sum(),
            calls.stream().mapToLong(Call::writtenTokens).sum(),
            priced ? calls.stream().mapToDouble(Call::cost).sum() : null,
            priced ? settings.currency() : null,
            lowestScores(parts));
    lines.write(new Line(id, text, made));
    return Utf8.length(text);
  }

  private static Map<String, Double> lowestScores(List<Outcome> parts) {
    Map<String, Double> lowest = new TreeMap<>();
    parts.stream()
        .filter(p -> p.refusal().isEmpty())
        .forEach(
            p -> p.scores().forEach((filter, score) -> lowest.merge(filter, score, Math::min)));
    return lowest;
  }

  /** Returns the hash of all prompts of the document, in their order. */
  private static String promptHash(List<Call> calls) {
    Digest digest = new Digest();
    calls.forEach(call -> digest.add(call.prompt()));
    return digest.hex();
  }

  @Override
  public void close() throws IOException {
    lines.close();
    out.write('\n');
    out.flush();
  }
}
