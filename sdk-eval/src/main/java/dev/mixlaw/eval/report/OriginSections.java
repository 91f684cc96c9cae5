package dev.mixlaw.eval.report;

import dev.mixlaw.api.Provenance;
import dev.mixlaw.api.RunResult;
import dev.mixlaw.api.TextFacts;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** How runs went, and where everything came from. */
final class OriginSections {
  private OriginSections() {}

  static String runs(Grid grid) {
    Markup out = new Markup();
    List<RunResult> runs = grid.findings().runs();
    out.add(
        "<h2 id=\"runs\">Runs</h2><p>%s runs, %s completed. Shares are of training tokens; repeats are tokens trained on over tokens there are.</p>",
        runs.size(), runs.stream().filter(RunResult::completed).count());
    List<RunResult> others = runs.stream().filter(r -> !r.completed()).toList();
    if (!others.isEmpty()) {
      out.raw("<ul>");
      others.forEach(r -> out.add("<li>%s: %s</li>", r.key(), outcome(r)));
      out.raw("</ul>");
    }
    out.raw(
        "<h3>Asked and achieved shares, at the largest budget</h3><div class=\"scroll\"><table><thead><tr><th class=\"words\">mixture</th><th>model</th><th>D</th><th>batch</th><th>learning rate</th><th class=\"words\">asked</th><th class=\"words\">achieved</th><th class=\"words\">repeats</th></tr></thead><tbody>");
    Map<String, RunResult> largest = new LinkedHashMap<>();
    for (RunResult run : runs) {
      largest.merge(
          run.key().mixture() + "\n" + run.key().model(),
          run,
          (a, b) -> b.tokens() > a.tokens() ? b : a);
    }
    for (RunResult run : largest.values()) {
      out.add(
          "<tr><td class=\"words\">%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td><td class=\"words\">%s</td><td class=\"words\">%s</td><td class=\"words\">%s</td></tr>",
          run.key().mixture(),
          run.key().model(),
          Numbers.count(run.tokens()),
          run.batchSequences() + " sequences",
          Numbers.short3(run.learningRate()),
          shares(run.askedShares()),
          shares(run.achievedShares()),
          run.repeats().entrySet().stream()
              .sorted(Map.Entry.comparingByKey())
              .map(e -> e.getKey() + " " + String.format(Locale.ROOT, "%.2f", e.getValue()))
              .collect(Collectors.joining(", ")));
    }
    return out.raw("</tbody></table></div>").toString();
  }

  private static String outcome(RunResult run) {
    if (run.outcome() instanceof RunResult.Outcome.Diverged diverged) {
      return "diverged at step " + diverged.step() + ", " + diverged.reason();
    }
    return run.outcome() instanceof RunResult.Outcome.Failed failed
        ? "failed, " + failed.reason()
        : "completed";
  }

  private static String shares(Map<String, Double> shares) {
    return shares.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(e -> e.getKey() + " " + String.format(Locale.ROOT, "%.2f %%", 100 * e.getValue()))
        .collect(Collectors.joining(", "));
  }

  static String origin(Grid grid) {
    Provenance from = grid.findings().provenance();
    Markup out = new Markup();
    out.raw("<h2 id=\"origin\">Where this comes from</h2><h3>Corpora</h3>");
    texts(out, from.corpora());
    out.raw("<h3>Domains</h3>");
    texts(out, from.domains());
    out.raw("<h3>Settings</h3><div class=\"scroll\"><table><tbody>");
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("engine", from.engine() + " on " + from.device());
    settings.put("tokenizer", from.tokenizer() + ", " + from.vocabulary() + " tokens");
    settings.put("baseline", from.baseline());
    settings.putAll(from.settings());
    settings.forEach(
        (name, value) ->
            out.add("<tr><th class=\"words\">%s</th><td class=\"long\">%s</td></tr>", name, value));
    out.raw(
        "</tbody></table></div><p class=\"soft\">The same numbers for programs: results.json and runs.jsonl beside this file.</p>");
    return out.toString();
  }

  private static void texts(Markup out, List<TextFacts> texts) {
    out.raw(
        "<div class=\"scroll\"><table><thead><tr><th class=\"words\">name</th><th class=\"words\">kind</th><th class=\"words\">generator</th><th>documents</th><th>tokens</th><th>bytes</th><th>left out</th></tr></thead><tbody>");
    for (TextFacts t : texts) {
      out.add(
          "<tr><td class=\"words\">%s</td><td class=\"words\">%s</td><td class=\"words\">%s</td><td>%s</td><td>%s</td><td>%s</td><td>%s</td></tr>",
          t.name(),
          t.kind().name().toLowerCase(Locale.ROOT),
          t.generator().orElse("–"),
          t.documents(),
          Numbers.count(t.tokens()),
          Numbers.count(t.bytes()),
          t.skipped());
    }
    out.raw("</tbody></table></div>");
  }
}
