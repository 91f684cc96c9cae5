package dev.mixlaw.mix.generate;

import dev.mixlaw.mix.generate.spi.DraftFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Counts what a data card says, in the order of the documents, so that sums are always the same.
 */
final class CardCounts {
  private static final int EXAMPLES = 3;

  private long documents;
  private long textBytes;
  private long drafts;
  private long refusedDocuments;
  private long requests;
  private long promptTokens;
  private long writtenTokens;
  private boolean estimated;
  private double cost;
  private final Map<String, Long> refused = new TreeMap<>();
  private final Map<String, List<String>> examples = new TreeMap<>();

  void call(RecordingSession.Call call) {
    requests++;
    promptTokens += call.answer().promptTokens();
    writtenTokens += call.answer().writtenTokens();
    estimated |= call.answer().estimated();
    cost += call.answer().cost();
  }

  void refused(String document, DraftWriter.Left left) {
    refused.merge(left.by(), 1L, Long::sum);
    List<String> some = examples.computeIfAbsent(left.by(), by -> new ArrayList<>());
    if (some.size() < EXAMPLES) {
      some.add(document + ": " + left.reason());
    }
  }

  void draft() {
    drafts++;
  }

  void document(int bytes) {
    documents++;
    textBytes += bytes;
  }

  void documentRefused() {
    refusedDocuments++;
  }

  long documents() {
    return documents;
  }

  DataCard card(GenerationSettings job, DataCard.Source source, boolean complete) {
    Map<String, String> parameters = new TreeMap<>();
    parameters.put("max_tokens", Integer.toString(job.maxTokens()));
    parameters.put("temperature", Double.toString(job.temperature()));
    parameters.put("seed", Long.toString(job.seed()));
    parameters.put("tokens_counted_by", job.tokenCounter());
    job.prices().forEach((name, price) -> parameters.put("price of " + name, price.toString()));
    Map<String, DataCard.Refusals> refusals = new TreeMap<>();
    refused.forEach(
        (by, count) ->
            refusals.put(by, new DataCard.Refusals(count, examples.getOrDefault(by, List.of()))));
    return new DataCard(
        job.name(),
        job.style().kind(),
        complete,
        source,
        job.style().name(),
        job.materials().description(),
        job.generator().name(),
        job.generator().parameters(),
        parameters,
        job.style().prompts(),
        job.filters().stream().map(CardCounts::describe).toList(),
        documents,
        textBytes,
        drafts,
        refusals,
        refusedDocuments,
        new DataCard.Spent(requests, promptTokens, writtenTokens, estimated, cost, job.currency()));
  }

  private static DataCard.Filter describe(DraftFilter filter) {
    return new DataCard.Filter(filter.name(), filter.description());
  }
}
