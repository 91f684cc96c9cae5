package dev.mixlaw.eval.report;

import dev.mixlaw.api.results.FittedLaw;
import dev.mixlaw.api.results.GeneratorEffect;
import dev.mixlaw.eval.report.FindingsIndex.GridPoint;
import java.util.List;

/** Effect of the generator that wrote the synthetic text. */
final class GeneratorSection {
  private GeneratorSection() {}

  static void write(HtmlPage page, FindingsIndex index) {
    List<GeneratorEffect> all = index.findings().generatorEffects();
    page.paragraph(
        "Pairs of mixtures that differ only in the generator of their synthetic text: the loss with"
            + " the first generator minus the loss with the second, on the same documents. Mean of"
            + " domains.");
    index.largest().ifPresent(at -> forest(page, index, all, at));
    HtmlTable table =
        new HtmlTable()
            .words("generators")
            .words("mixtures")
            .words("model")
            .number("D")
            .words("domain")
            .number("difference, " + index.unit());
    all.forEach(
        e ->
            table.row(
                generators(e),
                e.mixture() + "\nagainst " + e.otherMixture(),
                e.model(),
                e.budget(),
                FindingsIndex.domainName(e.domain()),
                Numbers.difference(e.difference()).lines()));
    page.folded("All models, budgets and domains", table);
  }

  private static void forest(
      HtmlPage page, FindingsIndex index, List<GeneratorEffect> all, GridPoint at) {
    List<GeneratorEffect> here =
        all.stream()
            .filter(e -> e.domain().equals(FittedLaw.MACRO))
            .filter(e -> e.model().equals(at.model()) && e.budget().equals(at.budget()))
            .toList();
    if (!here.isEmpty()) {
      ForestPlot plot =
          ForestPlot.differences(
              "loss by generator, " + at, index.unit() + "; below 0 the first generator is better");
      here.forEach(e -> plot.row(generators(e), e.difference()));
      page.figure("Loss by generator, " + at, plot.drawing());
    }
  }

  private static String generators(GeneratorEffect effect) {
    return effect.generator() + " – " + effect.other();
  }
}
