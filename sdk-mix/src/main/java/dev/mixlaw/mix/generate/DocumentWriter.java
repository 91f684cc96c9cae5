package dev.mixlaw.mix.generate;

import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.ObjectWriter;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes documents as JSON lines, each with a record of how it was made. */
final class DocumentWriter implements AutoCloseable {
  private static final ObjectWriter JSON =
      JsonMapper.builder()
          .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
          .disable(SerializationFeature.FLUSH_AFTER_WRITE_VALUE)
          .build()
          .writerFor(Line.class)
          .withRootValueSeparator("\n");

  private final GenerationSettings settings;
  private final BufferedOutputStream out;
  private final SequenceWriter lines;

  private record Line(String id, String text, Map<String, Object> made) {}

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
    Map<String, Object> made = new LinkedHashMap<>();
    made.put("generator", settings.generator().name());
    made.put("generator_parameters", new TreeMap<>(settings.generator().parameters()));
    made.put("style", settings.style().name());
    made.put("prompt_sha256", promptHash(calls));
    made.put("max_tokens", settings.maxTokens);
    made.put("temperature", settings.temperature);
    made.put("seed", settings.seed());
    made.put("source_corpus", settings.source.name());
    made.put("source_document", parts.get(0).material().source());
    made.put("parts", parts.size());
    made.put("parts_kept", parts.stream().filter(p -> p.refusal().isEmpty()).count());
    made.put("requests", calls.size());
    if (seeds.length > 0) {
      made.put("seeds_after_useless_answers", seeds);
    }
    made.put("prompt_tokens", calls.stream().mapToLong(Call::promptTokens).sum());
    made.put("written_tokens", calls.stream().mapToLong(Call::writtenTokens).sum());
    if (!settings.currency().isEmpty()) {
      made.put("cost", calls.stream().mapToDouble(Call::cost).sum());
      made.put("currency", settings.currency());
    }
    made.putAll(lowestScores(parts));
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
