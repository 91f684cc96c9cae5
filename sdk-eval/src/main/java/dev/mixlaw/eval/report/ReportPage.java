package dev.mixlaw.eval.report;

import dev.mixlaw.api.results.Findings;
import dev.mixlaw.api.results.Provenance;

/** The report of a study: one page that needs nothing beside it. */
final class ReportPage {
  private ReportPage() {}

  static String of(Findings findings) {
    FindingsIndex grid = new FindingsIndex(findings);
    Provenance from = findings.provenance();
    HtmlPage page = HtmlPage.titled("Which mixture trains the better model?");
    page.lead(
        "Study "
            + from.study()
            + ", engine "
            + from.engine()
            + (from.device().equals("not known") ? "" : " on " + from.device())
            + ". Losses are in "
            + grid.unit()
            + " of held-out text, lower is better; ranges are 95 %"
            + " intervals; N counts non-embedding parameters, D training tokens.");
    page.answer(Summary.of(grid));
    ForestSections.glance(page, grid);
    page.foldedItems("Warnings", from.warnings(), true);
    LossSections.domains(page, grid);
    LossSections.curves(page, grid);
    ShareSections.bestShares(page, grid);
    SpeedupSections.speedups(page, grid);
    GeneratorSections.effects(page, grid);
    VerdictSections.collapse(page, grid);
    VerdictSections.decisions(page, grid);
    ChoiceSections.choices(page, grid);
    WordSections.words(page, grid);
    LawSections.laws(page, grid);
    LawSections.refused(page, grid);
    OriginSections.runs(page, grid);
    OriginSections.origin(page, grid);
    return page.html();
  }
}
