package dev.mixlaw.eval.report;

import dev.mixlaw.api.results.Comparison;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.FittedLaw;
import dev.mixlaw.api.units.Params;
import dev.mixlaw.api.units.Tokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** Loss by domain and mixture, and loss against tokens. */
final class LossSections {
  private static final int CURVE_POINTS = 80;

  /** Nearer to a measured budget than this, findings give what was measured and not the law. */
  private static final double MEASURED = 0.012;

  private LossSections() {}

  static void domains(HtmlPage page, FindingsIndex grid) {
    page.section("domains", "Domains", "Loss by domain and mixture");
    page.paragraph(
        "The first column is the loss of "
            + grid.baseline()
            + "; the others are differences to it on the same documents, in "
            + grid.unit()
            + ". Blue is better, orange is worse; below each is its 95 % interval; those in bold"
            + " and full colour are decided: their interval leaves out zero. The tint grows with"
            + " the root of the difference.");
    List<String> models = new ArrayList<>(grid.models().keySet());
    for (int i = models.size() - 1; i >= 0; i--) {
      String model = models.get(i);
      boolean last = i == models.size() - 1;
      grid.largestBudget(model)
          .ifPresent(
              budget -> {
                String place = "Model " + model + ", " + budget + " tokens";
                String table = differences(grid, model, budget);
                if (last) {
                  page.heading(place).rawOf(table);
                } else {
                  page.rawOf(
                      new Markup()
                          .add("<details><summary>%s</summary>", place)
                          .raw(table + "</details>")
                          .toString());
                }
              });
    }
  }

  private static String differences(FindingsIndex grid, String model, Tokens budget) {
    Markup out = new Markup();
    out.raw("<div class=\"scroll\"><table><thead><tr><th class=\"words\">domain</th>");
    out.add("<th>%s</th>", grid.baseline());
    grid.others().forEach(m -> out.add("<th>%s</th>", m));
    boolean documents =
        grid.findings().provenance().domains().stream().anyMatch(d -> d.documents() > 0);
    out.raw(documents ? "<th>documents</th>" : "").raw("</tr></thead><tbody>");
    List<String> rows = new ArrayList<>(grid.domains());
    rows.add(FittedLaw.MACRO);
    double scale =
        grid.findings().comparisons().stream()
            .filter(c -> c.model().equals(model) && c.budget().equals(budget))
            .mapToDouble(c -> Math.abs(c.difference().value()))
            .max()
            .orElse(1);
    for (String domain : rows) {
      out.add("<tr><th class=\"words\">%s</th>", FindingsIndex.called(domain));
      out.add(
          "<td>%s</td>",
          grid.curve(grid.baseline(), model, domain).stream()
              .filter(p -> p.x() == budget.count())
              .findFirst()
              .map(p -> Numbers.loss(p.y()))
              .orElse("–"));
      for (String mixture : grid.others()) {
        cell(out, grid.comparison(mixture, model, budget, domain), scale);
      }
      if (documents) {
        out.add(
            "<td>%s</td>",
            grid.others().stream()
                .flatMap(m -> grid.comparison(m, model, budget, domain).stream())
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
            (c.decided() ? 55 : 20) * Math.sqrt(Math.min(1, Math.abs(d) / Math.max(scale, 1e-12))));
    out.add(
        "<td class=\"%s\" style=\"background:rgb(var(%s) / %s%%)\">%s<br/><small>%s</small></td>",
        c.decided() ? "decided" : "between",
        tint,
        opacity,
        Numbers.difference(c.difference()),
        Numbers.differenceRange(c.difference()));
  }

  static void curves(HtmlPage page, FindingsIndex grid) {
    page.section("curves", "Loss against tokens", "Loss against tokens");
    page.rawOf(
        "<p>Mean of all domains. Points are measured, with their interval; curves are the laws L(D)"
            + " = E + B·D<sup>−β</sup> fitted to them, where the data carry one, in their 95 %"
            + " band; dotted lines only join the points. A dashed line is the E of a law that can"
            + " be trusted, where it is not too far below to be drawn.</p>");
    page.legend(grid.mixtures());
    grid.models().keySet().forEach(model -> chart(page, grid, model, FittedLaw.MACRO, 556, 360));
    page.heading("By domain, at the largest model");
    grid.models().keySet().stream()
        .reduce((first, second) -> second)
        .ifPresent(
            model -> grid.domains().forEach(domain -> chart(page, grid, model, domain, 364, 256)));
  }

  private static void chart(
      HtmlPage page, FindingsIndex grid, String model, String domain, int width, int height) {
    List<Chart.Series> series = new ArrayList<>();
    for (String mixture : grid.mixtures()) {
      List<Chart.Point> points = grid.curve(mixture, model, domain);
      Optional<FittedLaw> law = grid.dataLaw(mixture, model, domain);
      if (!points.isEmpty()) {
        series.add(
            new Chart.Series(
                mixture,
                grid.index(mixture),
                points,
                List.of(),
                law.map(l -> curve(grid, l, points)).orElse(List.of()),
                law.map(LossSections::floor).orElse(OptionalDouble.empty()),
                law.isEmpty()));
      }
    }
    if (series.isEmpty()) {
      return;
    }
    String of =
        domain.equals(FittedLaw.MACRO)
            ? "model " + model + ", N = " + Params.params(grid.models().get(model))
            : domain;
    page.figure(
        of,
        new Chart(
                "loss against training tokens, " + of,
                new Chart.Scale("training tokens", true, Optional.of(Numbers::count)),
                new Chart.Scale(grid.unit(), false, Optional.empty()),
                series,
                Optional.empty(),
                false,
                width,
                height)
            .drawing());
  }

  /** E of a law that can be trusted. */
  private static OptionalDouble floor(FittedLaw law) {
    return law.status() == FittedLaw.Status.CONVERGED
        ? OptionalDouble.of(law.parameters().get("E").value())
        : OptionalDouble.empty();
  }

  private static List<Chart.Point> curve(
      FindingsIndex grid, FittedLaw law, List<Chart.Point> points) {
    Map<String, Estimate> p = law.parameters();
    double from = Math.log(points.get(0).x()) - 0.1;
    double to = Math.log(points.get(points.size() - 1).x()) + 0.1;
    List<Chart.Point> curve = new ArrayList<>();
    for (int i = 0; i <= CURVE_POINTS; i++) {
      double d = Math.exp(from + (to - from) * i / CURVE_POINTS);
      if (points.stream().noneMatch(m -> Math.abs(Math.log(m.x() / d)) < MEASURED)) {
        double loss = p.get("E").value() + p.get("B").value() * Math.pow(d, -p.get("beta").value());
        curve.add(
            band(grid, law, d)
                .map(b -> new Chart.Point(d, loss, b.interval().low(), b.interval().high()))
                .orElse(Chart.Point.of(d, loss)));
      }
    }
    return curve;
  }

  /** Of the mean of domains alone: findings keep no draws of the others. */
  private static Optional<Estimate> band(FindingsIndex grid, FittedLaw law, double tokens) {
    return law.domain().equals(FittedLaw.MACRO)
        ? grid.findings()
            .loss(
                law.mixture(),
                Params.params(grid.models().get(law.model().orElseThrow())),
                Tokens.tokens(Math.round(tokens)))
            .toOptional()
        : Optional.empty();
  }
}
