package dev.mixlaw.eval.report;

import dev.mixlaw.api.results.FittedLaw;
import dev.mixlaw.api.results.GeneratorEffect;
import dev.mixlaw.eval.report.FindingsIndex.GridPoint;
import java.util.List;

final class GeneratorSection {
  private GeneratorSection() {}

  static void write(HtmlPage page, FindingsIndex index) {
    List<GeneratorEffect> all = index.findings().generatorEffects();
    page.paragraph(
        "These pairs of mixtures differ only in the generator of their synthetic text. A difference"
            + " is the loss with the first generator minus the loss with the second, on the same"
            + " documents, averaged over the domains.");
    index.largest().ifPresent(at -> forest(page, index, all, at));
    HtmlTable<GeneratorEffect> table =
        HtmlTable.of(all)
            .words("generators", GeneratorSection::generators)
            .words(
                "mixtures",
                e -> e.comparison().mixture() + "\nagainst " + e.comparison().baseline())
            .words("model", e -> e.comparison().model())
            .words("D", e -> e.comparison().budget())
            .words("domain", e -> FindingsIndex.domainName(e.comparison().domain()));
    ComparisonTable.with(table, index.unit(), GeneratorEffect::comparison);
    page.folded("All models, budgets and domains", table);
  }

  private static void forest(
      HtmlPage page, FindingsIndex index, List<GeneratorEffect> all, GridPoint at) {
    List<GeneratorEffect> here =
        all.stream().filter(e -> index.isAt(e.comparison(), FittedLaw.MACRO, at)).toList();
    if (!here.isEmpty()) {
      ForestPlot plot =
          ForestPlot.differences(
              "loss by generator, " + at, index.unit() + "; below 0 the first generator is better");
      here.forEach(e -> plot.row(generators(e), e.comparison()));
      page.figure("Loss by generator, " + at, plot.drawing());
    }
  }

  private static String generators(GeneratorEffect effect) {
    return effect.generator() + " – " + effect.other();
  }
}
