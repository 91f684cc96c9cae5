package dev.mixlaw.eval.report;

import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.api.results.Findings;
import dev.mixlaw.api.results.Provenance;
import java.util.List;

final class StudyReport {
  private StudyReport() {}

  static HtmlPage page(Findings findings, List<ReportSection> more) {
    FindingsIndex index = new FindingsIndex(findings);
    Provenance from = findings.provenance();
    HtmlPage page = HtmlPage.titled("Which mixture trains the better model?");
    page.lead(
        Texts.format(
            "Study %s, engine %s%s. Losses are in %s of held-out text; %s is better. Ranges are 95 %% confidence intervals. N is the number of non-embedding parameters, D the number of training tokens.",
            from.study(),
            from.engine(),
            (from.device().equals("not known") ? "" : " on " + from.device()),
            index.unit(),
            findings.metric().higherIsBetter() ? "higher" : "lower"));
    page.answer(findings.summary());
    ComparisonSections.overview(page, index);
    page.foldedItems("Warnings", from.warnings(), true);
    LossSections.domains(page.section("domains", "Loss by domain"), index);
    LossSections.curves(page.section("curves", "Loss against tokens"), index);
    ShareSection.write(page.section("shares", "Best share"), index);
    ComparisonSections.speedups(page.section("speedup", "Speed-up"), index);
    if (!findings.generatorEffects().isEmpty()) {
      ComparisonSections.generators(page.section("generators", "Generators"), index);
    }
    CollapseSections.collapse(page.section("collapse", "Floors and collapse over tokens"), index);
    if (!findings.decisionAccuracies().isEmpty()) {
      CollapseSections.decisions(page.section("decisions", "Decisions from small runs"), index);
    }
    if (!findings.rateChecks().isEmpty()) {
      ComparisonSections.rates(page.section("rates", "Learning rate check"), index);
    }
    if (!findings.choices().isEmpty()) {
      ChoiceSection.write(page.section("questions", "Multiple-choice tests"), index);
    }
    if (from.words().isPresent()) {
      WordSection.write(page.section("words", "Words and losses"), index);
    }
    LawSections.laws(page.section("laws", "Laws"), index);
    LawSections.refused(page.section("refused", "Refused"), index);
    ProvenanceSections.runs(page.section("runs", "Runs"), index);
    ProvenanceSections.origin(page.section("origin", "Provenance"), index);
    for (ReportSection section : more) {
      if (section.appliesTo(findings)) {
        page.section(section.id(), section.title());
        section.write(findings, page);
      }
    }
    return page;
  }
}
