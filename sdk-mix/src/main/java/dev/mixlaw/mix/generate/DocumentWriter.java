package dev.mixlaw.mix.generate;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
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

/** Writes documents as JSON lines, each with how it came to be. */
final class DocumentWriter implements AutoCloseable {
  private final GenerationSettings job;
  private final JsonGenerator json;

  /** Writes to a channel, which stays open. */
  DocumentWriter(GenerationSettings job, FileChannel to) throws IOException {
    this.job = job;
    JsonFactory factory =
        JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();
    json =
        factory.createGenerator(
            new BufferedOutputStream(Channels.newOutputStream(to), 1 << 16), JsonEncoding.UTF8);
    json.setPrettyPrinter(new MinimalPrettyPrinter("\n"));
  }

  /** Writes a document; returns the UTF-8 bytes of its text. */
  int write(String id, String text, List<Outcome> parts) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", id);
    json.writeStringField("text", text);
    json.writeObjectFieldStart("made");
    json.writeStringField("generator", job.generator().name());
    strings("generator_parameters", job.generator().parameters());
    json.writeStringField("style", job.style().name());
    json.writeStringField("prompt_sha256", promptHash(parts));
    json.writeNumberField("max_tokens", job.maxTokens());
    json.writeNumberField("temperature", job.temperature());
    json.writeNumberField("seed", job.seed());
    json.writeStringField("source_corpus", job.source().name());
    json.writeStringField("source_document", parts.get(0).material().source());
    json.writeNumberField("parts", parts.size());
    json.writeNumberField("parts_kept", parts.stream().filter(p -> p.left().isEmpty()).count());
    spent(parts);
    scores(parts);
    json.writeEndObject();
    json.writeEndObject();
    return Utf8.length(text);
  }

  private void spent(List<Outcome> parts) throws IOException {
    List<RecordingSession.Call> calls = parts.stream().flatMap(p -> p.calls().stream()).toList();
    json.writeNumberField("requests", calls.size());
    seeds(calls);
    json.writeNumberField(
        "prompt_tokens", calls.stream().mapToLong(c -> c.answer().promptTokens()).sum());
    json.writeNumberField(
        "written_tokens", calls.stream().mapToLong(c -> c.answer().writtenTokens()).sum());
    if (!job.currency().isEmpty()) {
      json.writeNumberField("cost", calls.stream().mapToDouble(c -> c.answer().cost()).sum());
      json.writeStringField("currency", job.currency());
    }
  }

  /** Of requests that were first answered with nothing of use, if there are any. */
  private void seeds(List<RecordingSession.Call> calls) throws IOException {
    long[] others = calls.stream().flatMapToLong(c -> c.answer().seed().stream()).toArray();
    if (others.length > 0) {
      json.writeFieldName("seeds_after_useless_answers");
      json.writeArray(others, 0, others.length);
    }
  }

  /** The lowest of its parts, by filter. */
  private void scores(List<Outcome> parts) throws IOException {
    Map<String, Double> lowest = new TreeMap<>();
    parts.stream()
        .filter(p -> p.left().isEmpty())
        .forEach(
            p -> p.scores().forEach((filter, score) -> lowest.merge(filter, score, Math::min)));
    for (Map.Entry<String, Double> score : lowest.entrySet()) {
      json.writeNumberField(score.getKey(), score.getValue());
    }
  }

  private void strings(String field, Map<String, String> values) throws IOException {
    json.writeObjectFieldStart(field);
    for (Map.Entry<String, String> value : new TreeMap<>(values).entrySet()) {
      json.writeStringField(value.getKey(), value.getValue());
    }
    json.writeEndObject();
  }

  /** Of all prompts that were sent for the document, in their order. */
  private static String promptHash(List<Outcome> parts) {
    Digest digest = new Digest();
    parts.forEach(part -> part.calls().forEach(call -> digest.add(call.prompt())));
    return digest.hex();
  }

  @Override
  public void close() throws IOException {
    json.writeRaw('\n');
    json.close();
  }
}
