package dev.mixlaw.eval.report;

import dev.mixlaw.api.Comparison;
import dev.mixlaw.api.FittedLaw;
import dev.mixlaw.api.Tokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Loss by domain and mixture, and loss against tokens. */
final class LossSections {
  private static final int CURVE_POINTS = 80;

  private LossSections() {}

  static String domains(Grid grid) {
    Markup out = new Markup();
    out.raw("<h2 id=\"domains\">Loss by domain and mixture</h2>");
    out.add(
        "<p>The first column is the loss of %s; the others are differences to it on the same documents, in nats per token. Blue is better, orange is worse; "
            + "below each is its 95 %% interval; bold ones are decided: their interval leaves out zero. The tint grows with the root of the difference.</p>",
        grid.baseline());
    for (String model : grid.models().keySet()) {
      grid.largestBudget(model).ifPresent(budget -> heatMap(out, grid, model, budget));
    }
    return out.toString();
  }

  private static void heatMap(Markup out, Grid grid, String model, Tokens budget) {
    List<String> mixtures =
        grid.mixtures().stream().filter(m -> !m.equals(grid.baseline())).toList();
    out.add(
        "<h3>%s, %s tokens</h3><div class=\"scroll\"><table><thead><tr><th class=\"words\">domain</th><th>%s</th>",
        model, budget, grid.baseline());
    mixtures.forEach(m -> out.add("<th>%s</th>", m));
    out.raw("<th>documents</th></tr></thead><tbody>");
    List<String> rows = new ArrayList<>(grid.domains());
    rows.add(FittedLaw.MACRO);
    double scale =
        grid.findings().comparisons().stream()
            .filter(c -> c.model().equals(model) && c.budget().equals(budget))
            .mapToDouble(c -> Math.abs(c.difference().value()))
            .max()
            .orElse(1);
    for (String domain : rows) {
      out.add(
          "<tr><th class=\"words\">%s</th>",
          domain.equals(FittedLaw.MACRO) ? "mean of domains" : domain);
      out.add(
          "<td>%s</td>",
          grid.curve(grid.baseline(), model, domain).stream()
              .filter(p -> p.x() == budget.count())
              .findFirst()
              .map(p -> Numbers.loss(p.y()))
              .orElse("–"));
      for (String mixture : mixtures) {
        cell(out, grid.comparison(mixture, model, budget, domain), scale);
      }
      out.add(
          "<td>%s</td></tr>",
          mixtures.stream()
              .flatMap(m -> grid.comparison(m, model, budget, domain).stream())
              .map(c -> Integer.toString(c.documents()))
              .findFirst()
              .orElse("–"));
    }
    out.raw("</tbody></table></div>");
  }

  private static void cell(Markup out, Optional<Comparison> comparison, double scale) {
    if (comparison.isEmpty()) {
      out.raw("<td>–</td>");
      return;
    }
    Comparison c = comparison.get();
    double d = c.difference().value();
    String tint = d < 0 ? "--better" : "--worse";
    String opacity = Markup.num(50 * Math.sqrt(Math.min(1, Math.abs(d) / Math.max(scale, 1e-12))));
    out.add(
        "<td class=\"%s\" style=\"background:rgb(var(%s) / %s%%)\">%s<br/><small>%s</small></td>",
        c.decided() ? "decided" : "open",
        tint,
        opacity,
        Numbers.difference(c.difference()),
        Numbers.differenceRange(c.difference().interval()));
  }

  static String curves(Grid grid) {
    Markup out = new Markup();
    out.raw(
        "<h2 id=\"curves\">Loss against tokens</h2><p>Mean of all domains. Points are measured, with their interval; curves are the laws L(D) = E + B·D<sup>−β</sup> fitted to them, where the data carry one; dotted lines only join the points.</p>");
    legend(out, grid);
    out.raw("<div class=\"charts\">");
    grid.models().keySet().forEach(model -> chart(out, grid, model, FittedLaw.MACRO, 556, 350));
    out.raw("</div><h3>By domain, at the largest model</h3><div class=\"charts\">");
    grid.models().keySet().stream()
        .reduce((first, second) -> second)
        .ifPresent(
            model -> grid.domains().forEach(domain -> chart(out, grid, model, domain, 364, 256)));
    return out.raw("</div>").toString();
  }

  private static void legend(Markup out, Grid grid) {
    out.raw(HtmlPage.legendOf(grid.mixtures()));
  }

  private static void chart(
      Markup out, Grid grid, String model, String domain, int width, int height) {
    List<Chart.Series> series = new ArrayList<>();
    for (String mixture : grid.mixtures()) {
      List<Chart.Point> points = grid.curve(mixture, model, domain);
      if (!points.isEmpty()) {
        List<Chart.Point> curve =
            grid.dataLaw(mixture, model, domain).map(law -> curve(law, points)).orElse(List.of());
        series.add(
            new Chart.Series(
                mixture,
                grid.index(mixture),
                points,
                List.of(),
                curve,
                OptionalDouble.empty(),
                curve.isEmpty()));
      }
    }
    if (series.isEmpty()) {
      return;
    }
    String of = domain.equals(FittedLaw.MACRO) ? "model " + model : domain;
    Chart chart =
        new Chart(
            "loss against training tokens, " + of,
            new Chart.Scale("training tokens", true, Optional.of(Numbers::count)),
            new Chart.Scale("nats per token", false, Optional.empty()),
            series,
            Optional.empty(),
            false,
            width,
            height);
    out.add("<figure><figcaption>%s</figcaption>", of)
        .raw(chart.drawing().inline())
        .raw("</figure>");
  }

  private static List<Chart.Point> curve(FittedLaw law, List<Chart.Point> points) {
    double e = law.parameters().get("E").value();
    double b = law.parameters().get("B").value();
    double beta = law.parameters().get("beta").value();
    double from = Math.log(points.get(0).x()) - 0.1;
    double to = Math.log(points.get(points.size() - 1).x()) + 0.1;
    List<Chart.Point> curve = new ArrayList<>();
    for (int i = 0; i <= CURVE_POINTS; i++) {
      double d = Math.exp(from + (to - from) * i / CURVE_POINTS);
      curve.add(Chart.Point.of(d, e + b * Math.pow(d, -beta)));
    }
    return curve;
  }
}
