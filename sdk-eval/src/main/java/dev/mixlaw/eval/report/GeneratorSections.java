package dev.mixlaw.eval.report;

import dev.mixlaw.api.results.FittedLaw;
import dev.mixlaw.api.results.GeneratorEffect;
import java.util.List;

/** Whether it matters who wrote the synthetic text. */
final class GeneratorSections {
  private GeneratorSections() {}

  static void effects(HtmlPage page, FindingsIndex grid) {
    List<GeneratorEffect> all = grid.findings().generatorEffects();
    if (all.isEmpty()) {
      return;
    }
    page.section("generators", "Generators", "Generators");
    page.paragraph(
        "Mixtures that differ in nothing but the generator of their synthetic text: the loss with"
            + " the first generator less that with the second, on the same documents; mean of"
            + " domains.");
    grid.largest().ifPresent(at -> forest(page, grid, all, at));
    HtmlTable table =
        new HtmlTable()
            .words("generators")
            .words("mixtures")
            .words("model")
            .number("D")
            .words("domain")
            .number("difference, " + grid.unit());
    all.forEach(
        e ->
            table.row(
                generators(e),
                e.mixture() + "\nagainst " + e.otherMixture(),
                e.model(),
                e.budget(),
                FindingsIndex.called(e.domain()),
                Numbers.difference(e.difference())
                    + "\n"
                    + Numbers.differenceRange(e.difference())));
    page.folded("At every scale, by domain", table);
  }

  private static void forest(
      HtmlPage page, FindingsIndex grid, List<GeneratorEffect> all, FindingsIndex.Place at) {
    List<GeneratorEffect> here =
        all.stream()
            .filter(e -> e.domain().equals(FittedLaw.MACRO))
            .filter(e -> e.model().equals(at.model()) && e.budget().equals(at.budget()))
            .toList();
    if (!here.isEmpty()) {
      ForestPlot plot =
          ForestPlot.differences(
              "loss by generator, " + at, grid.unit() + ", below 0 the first is better");
      here.forEach(e -> plot.row(generators(e), e.difference()));
      page.figure("Loss by generator, " + at, plot.drawing());
    }
  }

  private static String generators(GeneratorEffect effect) {
    return effect.generator() + " – " + effect.other();
  }
}
