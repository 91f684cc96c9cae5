package dev.mixlaw.eval.report;

import dev.mixlaw.api.results.BestShare;
import dev.mixlaw.api.results.FittedLaw;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Which share of a corpus is the best, at one scale and over all of them. */
final class ShareSections {
  private ShareSections() {}

  static void bestShares(HtmlPage page, FindingsIndex grid) {
    page.section("shares", "Best share", "Best share");
    List<BestShare> macro =
        grid.findings().bestShares().stream()
            .filter(b -> b.domain().equals(FittedLaw.MACRO))
            .sorted(Comparator.comparing(BestShare::params).thenComparing(BestShare::tokens))
            .toList();
    if (macro.isEmpty()) {
      page.paragraph(
          "No corpus has several shares in mixtures with the baseline's corpora, so there is no"
              + " best share to tell.");
      return;
    }
    page.paragraph(
        "Loss by share of the training tokens, mean of all domains, at the largest budget of the"
            + " largest model. The band is the range of shares that the noise cannot tell from the"
            + " best.");
    Map<String, BestShare> largest = new LinkedHashMap<>();
    macro.forEach(b -> largest.put(b.corpus(), b));
    largest
        .values()
        .forEach(
            b ->
                page.figure(
                    b.corpus() + " at N = " + b.params() + ", D = " + b.tokens(),
                    byShare(grid, b)));
    ShareMapSections.maps(page, grid);
    page.folded("Best share at every scale, with intervals", table(macro));
    page.folded(
        "Best share by domain, at the largest scale",
        table(
            grid.findings().bestShares().stream()
                .filter(b -> !b.domain().equals(FittedLaw.MACRO))
                .filter(b -> atScaleOf(b, Optional.ofNullable(largest.get(b.corpus()))))
                .toList()));
  }

  private static boolean atScaleOf(BestShare b, Optional<BestShare> other) {
    return other
        .filter(o -> o.params().equals(b.params()) && o.tokens().equals(b.tokens()))
        .isPresent();
  }

  private static Drawing byShare(FindingsIndex grid, BestShare b) {
    List<Chart.Point> points = new ArrayList<>();
    b.lossByShare()
        .forEach(
            (share, loss) ->
                points.add(
                    new Chart.Point(
                        share, loss.value(), loss.interval().low(), loss.interval().high())));
    return new Chart(
            "loss by share of " + b.corpus(),
            new Chart.Scale("share of " + b.corpus(), false, Optional.of(Numbers::percent)),
            new Chart.Scale(grid.unit(), false, Optional.empty()),
            List.of(Chart.Series.measured(b.corpus(), 1, points)),
            Optional.of(new double[] {b.asGood().low(), b.asGood().high()}),
            false,
            364,
            256)
        .drawing();
  }

  private static HtmlTable table(List<BestShare> shares) {
    HtmlTable table =
        new HtmlTable()
            .words("corpus")
            .words("domain")
            .number("N")
            .number("D")
            .number("best share")
            .number("95 % interval")
            .number("as good")
            .words("basis");
    shares.forEach(
        b ->
            table.row(
                b.corpus(),
                FindingsIndex.called(b.domain()),
                b.params(),
                b.tokens(),
                Numbers.percent(b.share()),
                Numbers.percents(b.interval()),
                Numbers.percents(b.asGood()),
                b.basis().name().toLowerCase(Locale.ROOT).replace('_', ' ')));
    return table;
  }
}
