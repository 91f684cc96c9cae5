package dev.mixlaw.eval.report;

import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.api.results.Provenance;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.results.TextFacts;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.DoubleFunction;
import java.util.stream.Collectors;

final class ProvenanceSections {
  private ProvenanceSections() {}

  static void runs(HtmlPage page, FindingsIndex index) {
    List<RunResult> runs = index.findings().runs();
    page.paragraph(
        Texts.format(
            "%s runs, %s completed. Shares are shares of training tokens. Repeats are the number of tokens trained on, divided by the number of tokens in the corpus.",
            runs.size(), runs.stream().filter(RunResult::completed).count()));
    List<String> others =
        runs.stream().filter(r -> !r.completed()).map(r -> r.key() + ": " + r.outcome()).toList();
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
    page.heading("Requested and achieved shares, at the largest budget")
        .table(
            HtmlTable.of(largest.values())
                .words("mixture", run -> run.key().mixture())
                .number("model", run -> run.key().model())
                .number("D", run -> Numbers.count(run.tokens()))
                .number("batch, sequences", RunResult::batchSequences)
                .number("learning rate", run -> Numbers.short3(run.learningRate()))
                .text("requested", run -> listed(run.askedShares(), ProvenanceSections::percent))
                .text("achieved", run -> listed(run.achievedShares(), ProvenanceSections::percent))
                .text("repeats", run -> listed(run.repeats(), Numbers::short3)));
  }

  private static String percent(double share) {
    return Texts.format("%.2f %%", 100 * share);
  }

  static String listed(Map<String, Double> values, DoubleFunction<String> format) {
    return values.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(e -> e.getKey() + " " + format.apply(e.getValue()))
        .collect(Collectors.joining(", "));
  }

  static void origin(HtmlPage page, FindingsIndex index) {
    Provenance from = index.findings().provenance();
    page.heading("Corpora").table(texts(from.corpora()));
    page.heading("Domains").table(texts(from.domains()));
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("engine", from.engine() + " on " + from.device());
    settings.put("tokenizer", from.tokenizer() + ", " + from.vocabulary() + " tokens");
    settings.put("baseline", from.baseline());
    settings.putAll(from.settings());
    page.heading("Settings")
        .table(
            HtmlTable.of(settings.entrySet())
                .words("setting", Map.Entry::getKey)
                .text("value", Map.Entry::getValue));
    page.paragraph(
        "The files results.json and runs.jsonl in the same directory contain the same numbers in machine-readable form.");
  }

  private static HtmlTable<TextFacts> texts(List<TextFacts> texts) {
    return HtmlTable.of(texts)
        .words("name", TextFacts::name)
        .words("kind", t -> t.kind().name().toLowerCase(Locale.ROOT))
        .words("generator", TextFacts::generator)
        .number("documents", TextFacts::documents)
        .number("tokens", t -> Numbers.count(t.tokens()))
        .number("bytes", t -> Numbers.count(t.bytes()))
        .number("skipped", TextFacts::skipped);
  }
}
