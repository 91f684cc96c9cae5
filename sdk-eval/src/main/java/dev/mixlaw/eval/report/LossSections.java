package dev.mixlaw.eval.report;

import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.api.results.Comparison;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.FittedLaw;
import dev.mixlaw.api.results.LossCurve;
import dev.mixlaw.api.units.Params;
import dev.mixlaw.eval.report.Chart.AxisStyle;
import dev.mixlaw.eval.report.FindingsIndex.GridPoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;

final class LossSections {
  private LossSections() {}

  static void domains(HtmlPage page, FindingsIndex index) {
    page.paragraph(
        Texts.format(
            "The first column is the loss of %s in %s. The other columns are differences from it on the same documents, with the 95 %% confidence interval below. Blue is better, orange is worse. Each interval is for a single comparison. Bold differences are significant after control of the false discovery rate, separately for the mean of domains and for the other rows. Colour intensity is proportional to √difference.",
            index.baseline(), index.unit()));
    for (String model : index.largestFirst()) {
      index
          .largestBudget(model)
          .ifPresent(
              budget -> {
                GridPoint at = new GridPoint(model, budget);
                String title = "Model " + model + ", " + budget + " tokens";
                if (index.largestModel().equals(Optional.of(model))) {
                  page.heading(title).table(differences(index, at));
                } else {
                  page.folded(title, differences(index, at));
                }
              });
    }
  }

  private static HtmlTable<String> differences(FindingsIndex index, GridPoint at) {
    List<String> domains = new ArrayList<>(index.domains());
    domains.add(FittedLaw.MACRO);
    double scale =
        index.findings().comparisons().stream()
            .filter(c -> c.model().equals(at.model()) && c.budget().equals(at.budget()))
            .mapToDouble(c -> Math.abs(c.difference().value()))
            .max()
            .orElse(1);
    HtmlTable<String> table =
        HtmlTable.of(domains)
            .words("domain", FindingsIndex::domainName)
            .number(
                index.baseline(),
                domain -> index.loss(index.baseline(), at, domain).map(Numbers::loss));
    for (String mixture : index.others()) {
      table.number(
          mixture,
          domain -> index.comparison(mixture, at, domain).map(c -> shaded(index, c, scale)));
    }
    if (index.findings().provenance().domains().stream().anyMatch(d -> d.documents() > 0)) {
      table.number(
          "documents",
          domain ->
              index.others().stream()
                  .flatMap(m -> index.comparison(m, at, domain).stream())
                  .map(Comparison::documents)
                  .findFirst());
    }
    return table;
  }

  private static HtmlTable.Shaded shaded(FindingsIndex index, Comparison c, double scale) {
    double d = c.difference().value();
    double opacity =
        (c.significant() ? 55 : 20) * Math.sqrt(Math.min(1, Math.abs(d) / Math.max(scale, 1e-12)));
    return new HtmlTable.Shaded(
        c.significant() ? "decided" : "between",
        Texts.format(
            "background:rgb(var(%s) / %s%%)",
            d < 0 == index.findings().metric().higherIsBetter() ? "--worse" : "--better",
            Markup.num(opacity)),
        Numbers.difference(c.difference()).lines());
  }

  static void curves(HtmlPage page, FindingsIndex index) {
    page.rawOf(
        "<p>Losses are means over all domains. Points are measured losses with their intervals. Curves are the fitted laws L(D) = E + B·D<sup>−β</sup> with their 95 % confidence bands. Dotted lines connect points without a law. A dashed line is the fitted E, the loss at infinitely many tokens; it is left out where it is far below the points or the fit is unreliable.</p>");
    page.legend(index.mixtures());
    index.models().keySet().forEach(m -> chart(page, index, m, FittedLaw.MACRO));
    page.heading("By domain, at the largest model");
    index.largestModel().ifPresent(m -> index.domains().forEach(d -> chart(page, index, m, d)));
  }

  private static void chart(HtmlPage page, FindingsIndex index, String model, String domain) {
    List<Chart.Line> lines =
        index.mixtures().stream()
            .flatMap(m -> index.curve(m, model, domain).stream())
            .map(c -> line(index, c))
            .toList();
    if (lines.isEmpty()) {
      return;
    }
    boolean macro = domain.equals(FittedLaw.MACRO);
    String of =
        macro ? "model " + model + ", N = " + Params.params(index.models().get(model)) : domain;
    Chart chart =
        new Chart(
            "loss against training tokens, " + of,
            AxisStyle.logarithmic("training tokens").text(Numbers::count),
            AxisStyle.linear(index.unit()),
            lines);
    page.figure(of, (macro ? chart.wide() : chart).drawing());
  }

  private static Chart.Line line(FindingsIndex index, LossCurve curve) {
    return new Chart.Line(
        curve.mixture(),
        index.position(curve.mixture()),
        points(curve.measured()),
        List.of(),
        points(curve.fitted()),
        curve.law().map(LossSections::floor).orElse(OptionalDouble.empty()));
  }

  private static List<Chart.Point> points(SortedMap<Double, Estimate> losses) {
    return losses.entrySet().stream().map(p -> Chart.Point.of(p.getKey(), p.getValue())).toList();
  }

  /** Returns the irreducible loss E, or empty if the fit is unreliable. */
  private static OptionalDouble floor(FittedLaw law) {
    return law.status() == FittedLaw.Status.CONVERGED
        ? OptionalDouble.of(law.parameters().get("E").value())
        : OptionalDouble.empty();
  }
}
