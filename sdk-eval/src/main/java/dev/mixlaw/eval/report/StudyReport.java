package dev.mixlaw.eval.report;

import dev.mixlaw.api.results.Findings;
import dev.mixlaw.api.results.Provenance;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

final class StudyReport {
  private StudyReport() {}

  private record Standard(
      String id,
      String title,
      Predicate<Findings> applies,
      BiConsumer<HtmlPage, FindingsIndex> content) {
    Standard(String id, String title, BiConsumer<HtmlPage, FindingsIndex> content) {
      this(id, title, f -> true, content);
    }
  }

  private static final List<Standard> SECTIONS =
      List.of(
          new Standard("domains", "Loss by domain", LossSections::domains),
          new Standard("curves", "Loss against tokens", LossSections::curves),
          new Standard("shares", "Best share", ShareSection::write),
          new Standard("speedup", "Speed-up", SpeedupSection::write),
          new Standard(
              "generators",
              "Generators",
              f -> !f.generatorEffects().isEmpty(),
              GeneratorSection::write),
          new Standard("collapse", "Floors and collapse over tokens", CollapseSections::collapse),
          new Standard(
              "decisions",
              "Decisions from small runs",
              f -> !f.decisionAccuracies().isEmpty(),
              CollapseSections::decisions),
          new Standard(
              "rates", "Learning rate check", f -> !f.rateChecks().isEmpty(), RateSection::write),
          new Standard(
              "questions",
              "Multiple-choice tests",
              f -> !f.choices().isEmpty(),
              ChoiceSection::write),
          new Standard(
              "words",
              "Words and losses",
              f -> f.provenance().words().isPresent(),
              WordSection::write),
          new Standard("laws", "Laws", LawSections::laws),
          new Standard("refused", "Refused", LawSections::refused),
          new Standard("runs", "Runs", ProvenanceSections::runs),
          new Standard("origin", "Provenance", ProvenanceSections::origin));

  static HtmlPage page(Findings findings, List<ReportSection> more) {
    FindingsIndex index = new FindingsIndex(findings);
    Provenance from = findings.provenance();
    HtmlPage page = HtmlPage.titled("Which mixture trains the better model?");
    page.lead(
        Numbers.text(
            "Study %s, engine %s%s. Losses are in %s of held-out text; %s is better. Ranges are 95 %% confidence intervals. N is the number of non-embedding parameters, D the number of training tokens.",
            from.study(),
            from.engine(),
            (from.device().equals("not known") ? "" : " on " + from.device()),
            index.unit(),
            findings.metric().higherIsBetter() ? "higher" : "lower"));
    page.answer(findings.summary());
    OverviewSection.write(page, index);
    page.foldedItems("Warnings", from.warnings(), true);
    SECTIONS.stream()
        .filter(s -> s.applies().test(findings))
        .forEach(s -> s.content().accept(page.section(s.id(), s.title()), index));
    for (ReportSection section : more) {
      if (section.appliesTo(findings)) {
        page.section(section.id(), section.title());
        section.write(findings, page);
      }
    }
    return page;
  }
}
