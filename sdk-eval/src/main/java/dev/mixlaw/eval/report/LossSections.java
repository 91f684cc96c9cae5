package dev.mixlaw.eval.report;

import dev.mixlaw.api.results.Comparison;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.FittedLaw;
import dev.mixlaw.api.results.LossCurve;
import dev.mixlaw.api.units.Params;
import dev.mixlaw.eval.report.FindingsIndex.GridPoint;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SortedMap;

/** Loss by domain and mixture, and loss against tokens. */
final class LossSections {
  private LossSections() {}

  static void domains(HtmlPage page, FindingsIndex index) {
    page.paragraph(
        Numbers.text(
            "The first column is the loss of %s in %s. The other columns are differences from it on the same documents, with the 95 %% confidence interval below. Blue is better, orange is worse. Each interval is for a single comparison; differences that are significant after control of the false discovery rate over the table are bold (for the mean of domains, over its row). Colour intensity is proportional to √difference.",
            index.baseline(), index.unit()));
    List<String> models = new ArrayList<>(index.models().keySet());
    Collections.reverse(models);
    for (String model : models) {
      boolean largest = index.largestModel().equals(Optional.of(model));
      index
          .largestBudget(model)
          .ifPresent(
              budget -> {
                GridPoint at = new GridPoint(model, budget);
                String title = "Model " + model + ", " + budget + " tokens";
                String table = differences(index, at);
                if (largest) {
                  page.heading(title).rawOf(table);
                } else {
                  page.rawOf(
                      new Markup()
                          .add("<details><summary>%s</summary>", title)
                          .raw(table + "</details>")
                          .toString());
                }
              });
    }
  }

  private static String differences(FindingsIndex index, GridPoint at) {
    Markup out = new Markup();
    out.raw("<div class=\"scroll\"><table><thead><tr><th class=\"words\">domain</th>");
    out.add("<th>%s</th>", index.baseline());
    index.others().forEach(m -> out.add("<th>%s</th>", m));
    boolean documents =
        index.findings().provenance().domains().stream().anyMatch(d -> d.documents() > 0);
    out.raw(documents ? "<th>documents</th>" : "").raw("</tr></thead><tbody>");
    List<String> rows = new ArrayList<>(index.domains());
    rows.add(FittedLaw.MACRO);
    double scale =
        index.findings().comparisons().stream()
            .filter(c -> c.model().equals(at.model()) && c.budget().equals(at.budget()))
            .mapToDouble(c -> Math.abs(c.difference().value()))
            .max()
            .orElse(1);
    for (String domain : rows) {
      out.add("<tr><th class=\"words\">%s</th>", FindingsIndex.domainName(domain));
      out.add(
          "<td>%s</td>", index.loss(index.baseline(), at, domain).map(Numbers::loss).orElse("–"));
      for (String mixture : index.others()) {
        cell(out, index.comparison(mixture, at, domain), scale);
      }
      if (documents) {
        out.add(
            "<td>%s</td>",
            index.others().stream()
                .flatMap(m -> index.comparison(m, at, domain).stream())
                .map(c -> Integer.toString(c.documents()))
                .findFirst()
                .orElse("–"));
      }
      out.raw("</tr>");
    }
    return out.raw("</tbody></table></div>").toString();
  }

  private static void cell(Markup out, Optional<Comparison> comparison, double scale) {
    if (comparison.isEmpty()) {
      out.raw("<td>–</td>");
      return;
    }
    Comparison c = comparison.get();
    double d = c.difference().value();
    String tint = d < 0 ? "--better" : "--worse";
    String opacity =
        Markup.num(
            (c.significant() ? 55 : 20)
                * Math.sqrt(Math.min(1, Math.abs(d) / Math.max(scale, 1e-12))));
    Numbers.Formatted difference = Numbers.difference(c.difference());
    out.add(
        "<td class=\"%s\" style=\"background:rgb(var(%s) / %s%%)\">%s<br/><small>%s</small></td>",
        c.significant() ? "decided" : "between",
        tint,
        opacity,
        difference.value(),
        difference.range());
  }

  static void curves(HtmlPage page, FindingsIndex index) {
    page.rawOf(
        "<p>Mean of all domains. Points are measured losses with their intervals. Curves are the"
            + " fitted laws L(D) = E + B·D<sup>−β</sup> with their 95 % confidence bands. Dotted"
            + " lines connect points without a law. A dashed line is the fitted E, the loss at"
            + " infinitely many tokens; it is left out where it is far below the points or the fit"
            + " is unreliable.</p>");
    page.legend(index.mixtures());
    index.models().keySet().forEach(m -> chart(page, index, m, FittedLaw.MACRO, 556, 360));
    page.heading("By domain, at the largest model");
    index
        .largestModel()
        .ifPresent(m -> index.domains().forEach(d -> chart(page, index, m, d, 364, 256)));
  }

  private static void chart(
      HtmlPage page, FindingsIndex index, String model, String domain, int width, int height) {
    List<Chart.Line> lines =
        index.mixtures().stream()
            .flatMap(m -> index.curve(m, model, domain).stream())
            .map(c -> line(index, c))
            .toList();
    if (lines.isEmpty()) {
      return;
    }
    String of =
        domain.equals(FittedLaw.MACRO)
            ? "model " + model + ", N = " + Params.params(index.models().get(model))
            : domain;
    page.figure(
        of,
        new Chart(
                "loss against training tokens, " + of,
                new Chart.AxisStyle("training tokens", true, Optional.of(Numbers::count)),
                new Chart.AxisStyle(index.unit(), false, Optional.empty()),
                lines,
                Optional.empty(),
                false,
                width,
                height)
            .drawing());
  }

  private static Chart.Line line(FindingsIndex index, LossCurve curve) {
    return new Chart.Line(
        curve.mixture(),
        index.position(curve.mixture()),
        points(curve.measured()),
        List.of(),
        points(curve.fitted()),
        curve.law().map(LossSections::floor).orElse(OptionalDouble.empty()),
        curve.law().isEmpty());
  }

  private static List<Chart.Point> points(SortedMap<Double, Estimate> losses) {
    return losses.entrySet().stream().map(p -> Chart.Point.of(p.getKey(), p.getValue())).toList();
  }

  /** Returns E, if the fit is reliable. */
  private static OptionalDouble floor(FittedLaw law) {
    return law.status() == FittedLaw.Status.CONVERGED
        ? OptionalDouble.of(law.parameters().get("E").value())
        : OptionalDouble.empty();
  }
}
