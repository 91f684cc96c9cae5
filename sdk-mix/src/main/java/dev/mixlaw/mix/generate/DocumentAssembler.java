package dev.mixlaw.mix.generate;

import dev.mixlaw.mix.generate.DraftWriter.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Joins drafts into documents, writes the documents, and collects the figures for the data card.
 * Drafts come in the order of the documents, so sums do not depend on the number of threads.
 */
final class DocumentAssembler {
  private static final int EXAMPLES = 3;

  private final GenerationSettings settings;
  private final DocumentWriter writer;
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

  DocumentAssembler(
      GenerationSettings settings, DocumentWriter writer, GenerationListener listener) {
    this.settings = settings;
    this.writer = writer;
    this.listener = listener;
  }

  /** Adds the next draft; writes the document if it is complete. */
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
      textBytes += writer.write(id, text, parts);
      documents++;
      synchronized (listener) {
        listener.finished(id, documents);
      }
    }
    parts.clear();
  }

  /** Counts calls that were made for drafts or for materials. */
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

  /** Returns the text of the parts that were kept, separated as in the source. */
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

  /** Returns the data card for the drafts that were added. */
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
}
