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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Joins drafts into documents, writes them, and collects the figures for the data card. Drafts must
 * arrive in the order of the documents, so that the result does not depend on the number of
 * threads.
 */
final class DocumentAssembler implements AutoCloseable {
  private static final int EXAMPLES = 3;

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
  private final GenerationListener listener;
  private final List<Outcome> parts = new ArrayList<>();
  private final Map<String, Long> refused = new TreeMap<>();
  private final Map<String, List<String>> examples = new TreeMap<>();
  private long documents;
  private long textBytes;
  private long drafts;
  private long refusedDocuments;
  private long requests;
  private long promptTokens;
  private long writtenTokens;
  private boolean estimated;
  private double cost;

  private record Line(String id, String text, Map<String, Object> made) {}

  /** Creates an assembler that writes to a channel and does not close it. */
  DocumentAssembler(GenerationSettings settings, FileChannel to, GenerationListener listener)
      throws IOException {
    this.settings = settings;
    this.listener = listener;
    this.out = new BufferedOutputStream(Channels.newOutputStream(to), 1 << 16);
    this.lines = JSON.writeValues(out);
  }

  /** Adds the next draft, and writes the document if this was its last draft. */
  void add(Outcome outcome) throws IOException {
    parts.add(outcome);
    if (!outcome.material().last()) {
      return;
    }
    String id = outcome.material().document();
    for (Outcome part : parts) {
      drafts++;
      count(part.calls());
      part.refusal().ifPresent(refusal -> count(id, refusal));
    }
    String text = joinedText();
    if (text.isEmpty()) {
      refusedDocuments++;
    } else {
      textBytes += write(id, text);
      documents++;
      synchronized (listener) {
        listener.finished(id, documents);
      }
    }
    parts.clear();
  }

  /** Counts the calls that were made for drafts or for the texts from which drafts are written. */
  void count(List<Call> calls) {
    for (Call call : calls) {
      requests++;
      promptTokens += call.promptTokens();
      writtenTokens += call.writtenTokens();
      estimated |= call.estimated();
      cost += call.cost();
    }
  }

  private void count(String document, DraftWriter.Refusal refusal) {
    refused.merge(refusal.by(), 1L, Long::sum);
    List<String> some = examples.computeIfAbsent(refusal.by(), by -> new ArrayList<>());
    if (some.size() < EXAMPLES) {
      some.add(document + ": " + refusal.reason());
    }
    synchronized (listener) {
      listener.refused(document, refusal.by(), refusal.reason());
    }
  }

  /** Returns the accepted parts of the document, separated as in the source document. */
  private String joinedText() {
    StringBuilder text = new StringBuilder();
    String gap = "";
    for (Outcome part : parts) {
      if (part.refusal().isEmpty()) {
        text.append(text.isEmpty() ? "" : gap).append(part.text().strip());
      }
      gap = part.material().gap();
    }
    return text.toString();
  }

  DataCard card(DataCard.Source source, boolean complete) {
    Map<String, DataCard.Refusals> refusals = new TreeMap<>();
    refused.forEach(
        (by, count) ->
            refusals.put(by, new DataCard.Refusals(count, examples.getOrDefault(by, List.of()))));
    return new DataCard(
        settings.name(),
        settings.style().kind(),
        complete,
        source,
        settings.style().name(),
        settings.materials().description(),
        settings.generator().name(),
        settings.generator().parameters(),
        settings.parameters(),
        settings.style().prompts(),
        settings.filters.stream().map(f -> new DataCard.Filter(f.name(), f.description())).toList(),
        documents,
        textBytes,
        drafts,
        refusals,
        refusedDocuments,
        new DataCard.Spent(
            requests, promptTokens, writtenTokens, estimated, cost, settings.currency()));
  }

  /** Writes a document and returns its size in UTF-8 bytes. */
  private int write(String id, String text) throws IOException {
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
