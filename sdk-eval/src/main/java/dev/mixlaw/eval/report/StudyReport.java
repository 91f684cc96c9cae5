package dev.mixlaw.eval.report;

import dev.mixlaw.api.results.Findings;
import dev.mixlaw.api.results.Provenance;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** Builds the report of a study: one self-contained page. */
final class StudyReport {
  private StudyReport() {}

  /** A standard section, whose content is written from the index. */
  private record Standard(
      String id, String title, FindingsIndex index, BiConsumer<HtmlPage, FindingsIndex> content)
      implements ReportSection {
    @Override
    public void write(Findings findings, HtmlPage page) {
      content.accept(page, index);
    }
  }

  static HtmlPage page(Findings findings, List<ReportSection> more) {
    FindingsIndex index = new FindingsIndex(findings);
    Provenance from = findings.provenance();
    HtmlPage page = HtmlPage.titled("Which mixture trains the better model?");
    page.lead(
        Numbers.text(
            "Study %s, engine %s%s. Losses are in %s of held-out text; lower is better. Ranges are 95 %% confidence intervals. N is the number of non-embedding parameters, D the number of training tokens.",
            from.study(),
            from.engine(),
            (from.device().equals("not known") ? "" : " on " + from.device()),
            index.unit()));
    page.answer(findings.summary());
    OverviewSection.write(page, index);
    page.foldedItems("Warnings", from.warnings(), true);
    List<ReportSection> sections = standard(index);
    sections.addAll(more);
    for (ReportSection section : sections) {
      if (section.appliesTo(findings)) {
        page.section(section.id(), section.title());
        section.write(findings, page);
      }
    }
    return page;
  }

  private static List<ReportSection> standard(FindingsIndex index) {
    Findings f = index.findings();
    List<ReportSection> all = new ArrayList<>();
    all.add(new Standard("domains", "Loss by domain", index, LossSections::domains));
    all.add(new Standard("curves", "Loss against tokens", index, LossSections::curves));
    all.add(new Standard("shares", "Best share", index, ShareSection::write));
    all.add(new Standard("speedup", "Speed-up", index, SpeedupSection::write));
    if (!f.generatorEffects().isEmpty()) {
      all.add(new Standard("generators", "Generators", index, GeneratorSection::write));
    }
    all.add(
        new Standard(
            "collapse", "Floors and collapse over tokens", index, CollapseSections::collapse));
    if (!f.decisionAccuracies().isEmpty()) {
      String title = "Decisions from small runs";
      all.add(new Standard("decisions", title, index, CollapseSections::decisions));
    }
    if (!f.choices().isEmpty()) {
      all.add(new Standard("questions", "Multiple-choice tests", index, ChoiceSection::write));
    }
    f.provenance()
        .words()
        .ifPresent(
            words ->
                all.add(
                    new Standard(
                        "words",
                        "Words and losses",
                        index,
                        (page, i) -> new WordSection(page, i, words).write())));
    all.add(new Standard("laws", "Laws", index, LawSections::laws));
    all.add(new Standard("refused", "Refused", index, LawSections::refused));
    all.add(new Standard("runs", "Runs", index, ProvenanceSections::runs));
    all.add(new Standard("origin", "Provenance", index, ProvenanceSections::origin));
    return all;
  }
}
