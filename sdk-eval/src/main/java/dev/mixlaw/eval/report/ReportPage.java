package dev.mixlaw.eval.report;

import dev.mixlaw.api.Findings;
import dev.mixlaw.api.Provenance;
import java.util.List;

/** The report: one page that needs nothing beside it. */
final class ReportPage {
  private ReportPage() {}

  static String of(Findings findings) {
    Grid grid = new Grid(findings);
    Provenance from = findings.provenance();
    Markup page = new Markup();
    page.raw("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/>");
    page.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>");
    page.add("<title>%s: which mixture trains the better model?</title>", from.study());
    page.raw("<style>" + Stylesheet.page() + "</style></head><body><main>");
    page.add(
        "<h1>Which mixture trains the better model?</h1><p class=\"soft\">Study %s, engine %s on %s. ",
        from.study(), from.engine(), from.device());
    page.raw(
        "Losses are in nats per token of held-out text, lower is better; ranges are 95 % intervals; N counts non-embedding parameters, D training tokens.</p>");
    page.raw(
        "<nav><a href=\"#domains\">Domains</a><a href=\"#curves\">Loss against tokens</a><a href=\"#shares\">Best share</a>");
    page.raw(
        "<a href=\"#speedup\">Speed-up</a><a href=\"#laws\">Laws</a><a href=\"#refused\">Refused</a><a href=\"#runs\">Runs</a><a href=\"#origin\">Origin</a></nav>");
    page.raw("<div class=\"answer\"><ul>");
    Summary.of(grid).forEach(sentence -> page.add("<li>%s</li>", sentence));
    page.raw("</ul></div>");
    if (!from.warnings().isEmpty()) {
      page.raw("<details open=\"open\"><summary>Warnings</summary><ul>");
      from.warnings().forEach(w -> page.add("<li>%s</li>", w));
      page.raw("</ul></details>");
    }
    for (String section :
        List.of(
            LossSections.domains(grid),
            LossSections.curves(grid),
            ShareSections.bestShares(grid),
            ShareSections.speedups(grid),
            LawSections.laws(grid),
            LawSections.refused(grid),
            OriginSections.runs(grid),
            OriginSections.origin(grid))) {
      page.raw(section);
    }
    return page.raw("</main></body></html>\n").toString();
  }
}
