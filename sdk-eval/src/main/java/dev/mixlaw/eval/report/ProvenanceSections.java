package dev.mixlaw.eval.report;

import dev.mixlaw.api.results.Provenance;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.results.TextFacts;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Outcomes and shares of the runs, and the provenance of the study. */
final class ProvenanceSections {
  private ProvenanceSections() {}

  static void runs(HtmlPage page, FindingsIndex index) {
    List<RunResult> runs = index.findings().runs();
    page.paragraph(
        Numbers.text(
            "%s runs, %s completed. Shares are shares of training tokens. Repeats are the tokens trained on, divided by the tokens in the corpus.",
            runs.size(), runs.stream().filter(RunResult::completed).count()));
    List<String> others =
        runs.stream().filter(r -> !r.completed()).map(r -> r.key() + ": " + outcome(r)).toList();
    if (!others.isEmpty()) {
      page.items(others);
    }
    Map<String, RunResult> largest = new LinkedHashMap<>();
    for (RunResult run : runs) {
      largest.merge(
          run.key().mixture() + "\n" + run.key().model(),
          run,
          (a, b) -> b.tokens() > a.tokens() ? b : a);
    }
    HtmlTable table =
        new HtmlTable()
            .words("mixture")
            .number("model")
            .number("D")
            .number("batch, sequences")
            .number("learning rate")
            .text("requested")
            .text("achieved")
            .text("repeats");
    for (RunResult run : largest.values()) {
      table.row(
          run.key().mixture(),
          run.key().model(),
          Numbers.count(run.tokens()),
          run.batchSequences(),
          Numbers.short3(run.learningRate()),
          shares(run.askedShares()),
          shares(run.achievedShares()),
          run.repeats().entrySet().stream()
              .sorted(Map.Entry.comparingByKey())
              .map(e -> e.getKey() + " " + Numbers.short3(e.getValue()))
              .collect(Collectors.joining(", ")));
    }
    page.heading("Requested and achieved shares, at the largest budget").table(table);
  }

  private static String outcome(RunResult run) {
    return run.outcome().toString();
  }

  private static String shares(Map<String, Double> shares) {
    return shares.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(e -> e.getKey() + " " + String.format(Locale.ROOT, "%.2f %%", 100 * e.getValue()))
        .collect(Collectors.joining(", "));
  }

  static void origin(HtmlPage page, FindingsIndex index) {
    Provenance from = index.findings().provenance();
    page.heading("Corpora").table(texts(from.corpora()));
    page.heading("Domains").table(texts(from.domains()));
    HtmlTable settings = new HtmlTable().words("setting").text("value");
    settings.row("engine", from.engine() + " on " + from.device());
    settings.row("tokenizer", from.tokenizer() + ", " + from.vocabulary() + " tokens");
    settings.row("baseline", from.baseline());
    from.settings().forEach(settings::row);
    page.heading("Settings").table(settings);
    page.paragraph(
        "The files results.json and runs.jsonl in the same directory contain the same numbers in machine-readable form.");
  }

  private static HtmlTable texts(List<TextFacts> texts) {
    HtmlTable table =
        new HtmlTable()
            .words("name")
            .words("kind")
            .words("generator")
            .number("documents")
            .number("tokens")
            .number("bytes")
            .number("skipped");
    for (TextFacts t : texts) {
      table.row(
          t.name(),
          t.kind().name().toLowerCase(Locale.ROOT),
          t.generator().orElse("–"),
          t.documents(),
          Numbers.count(t.tokens()),
          Numbers.count(t.bytes()),
          t.skipped());
    }
    return table;
  }
}
